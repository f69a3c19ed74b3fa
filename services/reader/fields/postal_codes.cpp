#include "common/domain/identifiers/postal_code.h"

#include <algorithm>

#include "services/reader/fields/finding.h"

namespace pleiade::reader::fields {

// Under a label only: five figures before a town may be anybody's, the caisse's own address first.
void find_postal_codes(const Sheet& sheet, Findings& findings) {
    std::vector<Candidate> kept;
    std::vector<Spot> spots;
    for (const auto& candidate : stretches(sheet.rows, sheet.runs, 5)) {
        if (!parse_postal_code(candidate.digits)) continue;
        kept.push_back(candidate);
        spots.push_back({candidate.row, candidate.first_word, candidate.last_word, candidate.box});
    }
    const auto label_of = claim(sheet.rows, sheet.labels, {Label::PostalCode, Label::Address}, spots);
    for (std::size_t i = 0; i < kept.size(); ++i) {
        if (label_of[i] < 0) continue;
        Finding finding;
        finding.field = "postal_code";
        finding.value = kept[i].digits;
        finding.party = party_of(sheet, label_of[i], kept[i].row, kept[i].box);
        finding.labelled = true;
        finding.corrected = kept[i].corrected;
        finding.confidence = kept[i].confidence;
        finding.weakest = kept[i].weakest;
        finding.page = sheet.rows.source;
        finding.box = kept[i].box;
        findings.push_back(std::move(finding));
    }
}

}  // namespace pleiade::reader::fields
