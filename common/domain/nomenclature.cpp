#include "common/domain/nomenclature.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "common/base/csv.h"

namespace pleiade {
namespace {

std::optional<Secrecy> secrecy_from(std::string_view word) {
    if (word == "normal") return Secrecy::Normal;
    if (word == "medical") return Secrecy::Medical;
    return std::nullopt;
}

std::optional<TypeRole> role_from(std::string_view word) {
    if (word == "master") return TypeRole::Master;
    if (word == "attachment") return TypeRole::Attachment;
    if (word == "master_or_attachment") return TypeRole::MasterOrAttachment;
    return std::nullopt;
}

template <class Number>
bool read_number(std::string_view text, Number& into) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    return error == std::errc{} && end == text.data() + text.size();
}

std::optional<Part> part_from(std::string_view text) {
    const auto pieces = split(text, ':');
    Part part;
    if (pieces.size() != 3 || !read_number(pieces[0], part.volet) || pieces[1].empty()) return std::nullopt;
    const auto secrecy = secrecy_from(pieces[2]);
    if (!secrecy) return std::nullopt;
    part.service = pieces[1];
    part.secrecy = *secrecy;
    return part;
}

}  // namespace

Result<Nomenclature> Nomenclature::parse(std::string_view csv, const std::string& file_name) {
    auto parsed = CsvTable::parse(file_name, csv,
                                  {"code", "label_fr", "cerfa", "s_ref", "anchors", "service", "copy_to", "parts",
                                   "priority", "role", "secrecy", "required", "typical_pages", "daily_share_pct"});
    if (!parsed) return pass_on(parsed);
    const auto& table = **parsed;
    Nomenclature nomenclature;
    for (const auto& row : table.rows()) {
        DocumentType type;
        type.code = row["code"];
        type.label_fr = row["label_fr"];
        type.cerfa = row["cerfa"];
        type.s_ref = row["s_ref"];
        type.anchors = row.list("anchors");
        type.service = row["service"];
        type.copy_to = row["copy_to"];
        type.required = row.list("required");
        if (type.code.empty()) return table.error_at(row.at("code"), "a type needs a code");
        if (type.code == kUnknownType) return table.error_at(row.at("code"), "UNKNOWN is not a type");
        if (nomenclature.by_code_.contains(type.code)) {
            return table.error_at(row.at("code"), fmt::format("the type «{}» is given twice", type.code));
        }
        if (type.service.empty()) return table.error_at(row.at("service"), "a type needs a service");
        const auto priority = priority_from(row["priority"]);
        if (!priority) return table.error_at(row.at("priority"), "the priority is one of P0, P1, P2, P3");
        type.priority = *priority;
        const auto role = role_from(row["role"]);
        if (!role) {
            return table.error_at(row.at("role"), "the role is one of master, attachment, master_or_attachment");
        }
        type.role = *role;
        const auto secrecy = secrecy_from(row["secrecy"]);
        if (!secrecy) return table.error_at(row.at("secrecy"), "the secrecy is normal or medical");
        type.secrecy = *secrecy;
        for (const auto& text : row.list("parts")) {
            const auto part = part_from(text);
            if (!part) {
                return table.error_at(row.at("parts"),
                                      fmt::format("«{}» is not volet:service:secrecy, as in 1:ELSM:medical", text));
            }
            type.parts.push_back(*part);
        }
        for (const auto& field : type.required) {
            if (std::find(kFieldNames.begin(), kFieldNames.end(), field) == kFieldNames.end()) {
                return table.error_at(row.at("required"), fmt::format("no field is called «{}»", field));
            }
        }
        if (!row["typical_pages"].empty() && !read_number(row["typical_pages"], type.typical_pages)) {
            return table.error_at(row.at("typical_pages"), "a whole number of pages");
        }
        if (!row["daily_share_pct"].empty() && !read_number(row["daily_share_pct"], type.daily_share_percent)) {
            return table.error_at(row.at("daily_share_pct"), "a percentage such as 2.7");
        }
        nomenclature.by_code_.emplace(type.code, nomenclature.types_.size());
        nomenclature.types_.push_back(std::move(type));
    }
    return nomenclature;
}

const DocumentType* Nomenclature::find(std::string_view code) const {
    const auto found = by_code_.find(code);
    return found == by_code_.end() ? nullptr : &types_[found->second];
}

}  // namespace pleiade
