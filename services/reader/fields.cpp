#include "services/reader/fields.h"

#include "services/reader/fields/finding.h"
#include "services/reader/fields/judgement.h"

namespace pleiade::reader {

Fields extract_fields(const std::vector<const OcrPage*>& pages, const FieldHints& hints) {
    fields::Findings findings;
    for (const auto* page : pages) {
        fields::Sheet sheet;
        sheet.hints = &hints;
        sheet.rows = fields::page_rows(*page);
        sheet.labels = fields::find_labels(sheet.rows);
        sheet.runs = fields::number_runs(sheet.rows);
        fields::find_person_numbers(sheet, findings);
        fields::find_ibans(sheet, findings);
        fields::find_organisation_numbers(sheet, findings);
        fields::find_dates(sheet, hints, findings);
        fields::find_names(sheet, findings);
        fields::find_postal_codes(sheet, findings);
    }
    return fields::judge(findings, hints);
}

}  // namespace pleiade::reader
