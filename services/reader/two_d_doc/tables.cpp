#include "services/reader/two_d_doc/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "common/base/csv.h"
#include "common/domain/reading.h"

namespace pleiade::reader::two_d_doc {
namespace {

constexpr std::size_t kLengthMax = 4096;

bool is_id(std::string_view text) {
    return text.size() == 2 && std::all_of(text.begin(), text.end(),
                                           [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

std::optional<std::size_t> length_in(std::string_view text) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value > kLengthMax) return std::nullopt;
    return value;
}

std::optional<Writing> writing_of(std::string_view word) {
    static const std::map<std::string, Writing, std::less<>> words = {
        {"text", Writing::Text}, {"names", Writing::Names},     {"person", Writing::Person},
        {"day", Writing::Day},   {"address", Writing::Address}, {"mrz", Writing::Mrz}};
    const auto found = words.find(word);
    return found == words.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

Result<DataTable> DataTable::parse(std::string_view csv, const std::string& file_name) {
    auto table = CsvTable::parse(file_name, csv, {"id", "min", "max", "field", "kind", "label"});
    if (!table) return pass_on(table);
    DataTable data;
    for (const auto& row : (*table)->rows()) {
        if (!is_id(row["id"])) {
            return (*table)->error_at(row.at("id"), "an identifier has two characters, 0 to 9 and A to Z");
        }
        Datum datum;
        const auto min = length_in(row["min"]);
        if (!min) return (*table)->error_at(row.at("min"), fmt::format("«{}» is no length", row["min"]));
        datum.min = *min;
        if (!row["max"].empty()) {
            const auto max = length_in(row["max"]);
            if (!max || *max == kNoLimit || *max < datum.min) {
                return (*table)->error_at(row.at("max"), fmt::format("«{}» is no greatest length", row["max"]));
            }
            datum.max = *max;
        }
        datum.field = row["field"];
        if (!datum.field.empty() &&
            std::find(kFieldNames.begin(), kFieldNames.end(), datum.field) == kFieldNames.end()) {
            return (*table)->error_at(row.at("field"), fmt::format("no field is called «{}»", datum.field));
        }
        const auto writing = writing_of(row["kind"]);
        if (!writing) return (*table)->error_at(row.at("kind"), fmt::format("no kind is called «{}»", row["kind"]));
        datum.writing = *writing;
        datum.label = row["label"];
        if (!data.data_.emplace(row["id"], std::move(datum)).second) {
            return (*table)->error_at(row.at("id"), fmt::format("«{}» stands here twice", row["id"]));
        }
    }
    return data;
}

const Datum* DataTable::find(std::string_view id) const {
    const auto found = data_.find(id);
    return found == data_.end() ? nullptr : &found->second;
}

Result<TypeTable> TypeTable::parse(std::string_view csv, const std::string& file_name) {
    auto table = CsvTable::parse(file_name, csv, {"code", "label"});
    if (!table) return pass_on(table);
    TypeTable types;
    for (const auto& row : (*table)->rows()) {
        if (!is_id(row["code"])) {
            return (*table)->error_at(row.at("code"), "a code has two characters, 0 to 9 and A to Z");
        }
        if (row["label"].empty()) return (*table)->error_at(row.at("label"), "a label is missing");
        if (!types.labels_.emplace(row["code"], row["label"]).second) {
            return (*table)->error_at(row.at("code"), fmt::format("«{}» stands here twice", row["code"]));
        }
    }
    return types;
}

std::string_view TypeTable::label(std::string_view code) const {
    const auto found = labels_.find(code);
    return found == labels_.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace pleiade::reader::two_d_doc
