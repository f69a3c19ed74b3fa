#include "services/reader/volets.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "common/base/csv.h"
#include "services/reader/fold.h"
#include "services/reader/marks.h"
#include "services/reader/page_text.h"

namespace pleiade::reader {
namespace {

constexpr double kHeadShare = 0.30;
constexpr double kFootShare = 0.88;

}  // namespace

Result<VoletTable> VoletTable::parse(std::string_view csv, const std::string& file_name,
                                     const Nomenclature& nomenclature) {
    const auto table = CsvTable::parse(file_name, csv, {"type", "volet", "patterns"});
    if (!table) return pass_on(table);
    VoletTable volets;
    for (const auto& row : (*table)->rows()) {
        const auto* type = nomenclature.find(row["type"]);
        if (type == nullptr || type->parts.empty()) {
            return (*table)->error_at(row.at("type"),
                                      fmt::format("«{}» is no type with parts in the nomenclature", row["type"]));
        }
        Row entry;
        entry.type = type->code;
        const auto part = std::find_if(type->parts.begin(), type->parts.end(), [&](const Part& candidate) {
            return std::to_string(candidate.volet) == row["volet"];
        });
        if (part == type->parts.end()) {
            return (*table)->error_at(row.at("volet"), fmt::format("«{}» has no volet {}", type->code, row["volet"]));
        }
        entry.volet = part->volet;
        for (const auto& pattern : row.list("patterns")) {
            auto plain = plain_words(pattern);
            if (plain.size() < 7 || plain.size() > Phrase::kLengthMax) {
                return (*table)->error_at(row.at("patterns"),
                                          fmt::format("a phrase has 7 to {} letters", Phrase::kLengthMax));
            }
            entry.phrases.emplace_back(std::move(plain));
        }
        volets.rows_.push_back(std::move(entry));
    }
    return volets;
}

std::optional<int> VoletTable::volet_of(const OcrPage& page, const DocumentType& type) const {
    const PageText text(page);
    std::set<int> said;
    if (const auto printed = find_volet(text)) {
        said.insert(*printed);
    }
    for (const auto& row : rows_) {
        if (row.type != type.code || said.contains(row.volet)) continue;
        for (const auto& phrase : row.phrases) {
            const auto match = text.find(phrase);
            if (!match) continue;
            const double y = text.y_of(text.box_of_folded(match->begin, match->end));
            if (text.is_crop() || y < kHeadShare || y > kFootShare) {
                said.insert(row.volet);
                break;
            }
        }
    }
    if (said.size() != 1) return std::nullopt;
    const bool known = std::any_of(type.parts.begin(), type.parts.end(),
                                   [&](const Part& part) { return part.volet == *said.begin(); });
    return known ? std::optional(*said.begin()) : std::nullopt;
}

}  // namespace pleiade::reader
