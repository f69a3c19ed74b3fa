#include "services/reader/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>

#include "common/base/csv.h"
#include "services/reader/fold.h"

namespace pleiade::reader {
namespace {

constexpr double kWeightMax = 20;

const std::map<std::string, EvidenceKind, std::less<>>& kinds() {
    static const std::map<std::string, EvidenceKind, std::less<>> words = {
        {"cerfa", EvidenceKind::Cerfa},         {"notice", EvidenceKind::Notice},    {"sref", EvidenceKind::SRef},
        {"title", EvidenceKind::Title},         {"text", EvidenceKind::Text},        {"object", EvidenceKind::Object},
        {"addressee", EvidenceKind::Addressee}, {"sender", EvidenceKind::Sender},    {"mark", EvidenceKind::Mark},
        {"code", EvidenceKind::Code},           {"two_d_doc", EvidenceKind::TwoDDoc}};
    return words;
}

bool reads_text(EvidenceKind kind) {
    return kind == EvidenceKind::Title || kind == EvidenceKind::Text || kind == EvidenceKind::Object ||
           kind == EvidenceKind::Addressee || kind == EvidenceKind::Sender;
}

const std::set<std::string, std::less<>>& known_marks() {
    static const std::set<std::string, std::less<>> marks = {"mrz",     "iban",      "letter",     "no_letter",
                                                             "foreign", "few_words", "handwriting"};
    return marks;
}

std::optional<double> number_in(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool all_digits(std::string_view text, std::size_t count) {
    return text.size() == count && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// What is wrong with a pattern, or nothing.
std::string fault_of(EvidenceKind kind, const std::string& written, std::vector<Phrase>& phrases) {
    if (kind == EvidenceKind::Cerfa || kind == EvidenceKind::Notice) {
        return all_digits(written, 5) ? "" : fmt::format("«{}» is no form number of five digits", written);
    }
    if (kind == EvidenceKind::SRef) {
        const bool good = written.size() == 5 && written[0] == 'S' && all_digits(written.substr(1), 4);
        return good ? "" : fmt::format("«{}» is no S-reference such as S3116", written);
    }
    if (kind == EvidenceKind::Mark) {
        return known_marks().contains(written) ? "" : fmt::format("no mark is called «{}»", written);
    }
    if (kind == EvidenceKind::TwoDDoc) {
        return written.size() == 2 ? "" : fmt::format("«{}» is no type of 2D-Doc, which has two characters", written);
    }
    if (!reads_text(kind)) return written.size() >= 2 ? "" : "a code needs at least two characters";
    std::string rest = written;
    while (true) {
        const auto plus = rest.find(" + ");
        auto plain = plain_words(rest.substr(0, plus));
        if (plain.size() < 2 || plain.size() > Phrase::kLengthMax) {
            return fmt::format("a phrase has 2 to {} letters, «{}» has {}", Phrase::kLengthMax, rest.substr(0, plus),
                               plain.size());
        }
        phrases.emplace_back(std::move(plain));
        if (plus == std::string::npos) return "";
        rest = rest.substr(plus + 3);
    }
}

}  // namespace

Result<EvidenceTable> EvidenceTable::parse(std::string_view csv, const std::string& file_name,
                                           const Nomenclature& nomenclature, double cerfa_weight, double s_ref_weight) {
    auto table = CsvTable::parse(file_name, csv, {"type", "kind", "weight", "patterns"});
    if (!table) return pass_on(table);
    EvidenceTable evidence;
    for (const auto& type : nomenclature.types()) {
        if (!type.cerfa.empty()) {
            evidence.rows_.push_back({type.code, EvidenceKind::Cerfa, cerfa_weight, {{{}, type.cerfa}}, 0});
        }
        if (!type.s_ref.empty()) {
            evidence.rows_.push_back({type.code, EvidenceKind::SRef, s_ref_weight, {{{}, type.s_ref}}, 0});
        }
    }
    for (const auto& row : (*table)->rows()) {
        Evidence entry;
        entry.line = row.line();
        entry.type = row["type"];
        if (entry.type != kUnknownType && nomenclature.find(entry.type) == nullptr) {
            return (*table)->error_at(row.at("type"), fmt::format("the nomenclature has no type «{}»", entry.type));
        }
        const auto kind = kinds().find(row["kind"]);
        if (kind == kinds().end()) {
            return (*table)->error_at(row.at("kind"), fmt::format("no evidence is called «{}»", row["kind"]));
        }
        entry.kind = kind->second;
        const auto weight = number_in(row["weight"]);
        if (!weight || *weight < -kWeightMax || *weight > kWeightMax || *weight == 0) {
            return (*table)->error_at(row.at("weight"),
                                      fmt::format("«{}» is no weight between -20 and 20", row["weight"]));
        }
        entry.weight = *weight;
        for (auto& written : row.list("patterns")) {
            std::vector<Phrase> phrases;
            if (const auto fault = fault_of(entry.kind, written, phrases); !fault.empty()) {
                return (*table)->error_at(row.at("patterns"), fault);
            }
            entry.alternatives.push_back({std::move(phrases), std::move(written)});
        }
        if (entry.alternatives.empty()) {
            return (*table)->error_at(row.at("patterns"), "a row needs at least one pattern");
        }
        for (const auto& alternative : entry.alternatives) {
            for (const auto& phrase : alternative.phrases) {
                for (auto& word : split(phrase.text(), ' ')) evidence.words_.insert(std::move(word));
            }
        }
        evidence.rows_.push_back(std::move(entry));
    }
    return evidence;
}

bool EvidenceTable::marks(std::string_view sign, std::string_view type) const {
    return std::any_of(rows_.begin(), rows_.end(), [&](const Evidence& row) {
        return row.kind == EvidenceKind::Mark && row.weight > 0 && row.type == type &&
               std::any_of(row.alternatives.begin(), row.alternatives.end(),
                           [&](const Evidence::Alternative& alternative) { return alternative.written == sign; });
    });
}

}  // namespace pleiade::reader
