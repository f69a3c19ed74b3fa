#include "services/reader/sealed_codes.h"

#include <fmt/format.h>

#include <algorithm>

#include "services/reader/two_d_doc/claims.h"

namespace pleiade::reader {
namespace {

using two_d_doc::Seal;

constexpr double kUnverifiedShare = 0.8;  // anybody can print one
constexpr double kBadShare = 0.4;         // a forgery is still meant for that desk
constexpr double kSure = 0.99;
constexpr double kUnsure = 0.6;

double share_of(Seal seal) {
    return seal == Seal::Verified ? 1.0 : seal == Seal::Unverified ? kUnverifiedShare : kBadShare;
}

bool speaks_of(const Evidence& row, const two_d_doc::Document& document) {
    if (row.kind != EvidenceKind::TwoDDoc || document.header.perimeter != two_d_doc::kAntsPerimeter) return false;
    return std::any_of(row.alternatives.begin(), row.alternatives.end(), [&](const Evidence::Alternative& alternative) {
        return alternative.written == document.header.type;
    });
}

std::string called(const two_d_doc::Document& document, const two_d_doc::TypeTable& types) {
    const auto& header = document.header;
    const auto label = header.perimeter == two_d_doc::kAntsPerimeter ? types.label(header.type) : std::string_view();
    if (label.empty()) return fmt::format("2D-Doc de type {} inconnu", header.type);
    return fmt::format("2D-Doc « {} »", label);
}

std::string unreadable(const Error& error) {
    if (error.code == "TWO_D_DOC_VERSION") return "2D-Doc d'une version inconnue : non lu";
    if (error.code == "TWO_D_DOC_SIGNATURE") return "2D-Doc dont la signature est illisible : non lu";
    return "2D-Doc incomplet : non lu";
}

}  // namespace

std::vector<SealedCode> sealed_codes(const PageReading& page, const TwoDDocTables& tables) {
    std::vector<SealedCode> codes;
    for (const auto& code : page.codes) {
        if (!two_d_doc::is_two_d_doc(code.text)) continue;
        SealedCode sealed;
        sealed.reason.page = page.page;
        sealed.reason.box = code.box;
        auto document = two_d_doc::parse(code.text, tables.data);
        if (!document) {
            sealed.reason.text = unreadable(document.error());
        } else {
            const auto judged = two_d_doc::judge_seal(*document, tables.trust);
            sealed.seal = judged.seal;
            sealed.reason.text = fmt::format("{} : {}", called(*document, tables.types), judged.why);
            sealed.document = std::move(*document);
        }
        codes.push_back(std::move(sealed));
    }
    return codes;
}

void add_sealed_evidence(const std::vector<SealedCode>& codes, const EvidenceTable& table, PageEvidence& evidence) {
    for (const auto& code : codes) {
        if (!code.document) continue;
        for (const auto& row : table.rows()) {
            if (!speaks_of(row, *code.document)) continue;
            Hit hit;
            hit.type = row.type;
            hit.key = fmt::format("{}:2d-doc", row.line);
            hit.weight = row.weight * share_of(code.seal);
            hit.reason = code.reason.text;
            hit.page = evidence.page;
            hit.kind = EvidenceKind::TwoDDoc;
            evidence.hits.push_back(std::move(hit));
        }
    }
}

std::vector<StatedField> sealed_fields(const std::vector<SealedCode>& codes, const std::string& type,
                                       const Date& received_on, const TwoDDocTables& tables,
                                       const EvidenceTable& evidence) {
    std::vector<StatedField> fields;
    for (const auto& code : codes) {
        if (!code.document) continue;
        const bool of_this = std::any_of(evidence.rows().begin(), evidence.rows().end(), [&](const Evidence& row) {
            return row.type == type && row.weight > 0 && speaks_of(row, *code.document);
        });
        if (!of_this && type != kUnknownType) continue;
        for (auto& claim : two_d_doc::claims_of(*code.document, tables.data, code.seal, received_on)) {
            FieldValue value;
            value.value = std::move(claim.value);
            value.status = claim.status;
            value.confidence = claim.status == FieldStatus::Valid ? kSure : kUnsure;
            value.page = code.reason.page;
            value.box = code.reason.box;
            fields.push_back({std::move(claim.field), std::move(value)});
        }
    }
    return fields;
}

}  // namespace pleiade::reader
