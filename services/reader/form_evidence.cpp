#include "services/reader/form_evidence.h"

#include <fmt/format.h>

#include <algorithm>

namespace pleiade::reader {
namespace {

// Scores are shown as people write them: 0,97.
std::string in_french(double score) {
    auto text = fmt::format("{:.2f}", score);
    std::replace(text.begin(), text.end(), '.', ',');
    return text;
}

}  // namespace

void add_form_evidence(const forms::FormPage& form, const TypageSettings& settings, PageEvidence& evidence) {
    if (!form.sure()) return;
    std::erase_if(evidence.hits, [](const Hit& hit) {
        return hit.type == kUnknownType && (hit.kind == EvidenceKind::Cerfa || hit.kind == EvidenceKind::SRef);
    });
    Hit hit;
    hit.type = form.type;
    hit.key = "form:" + form.id;
    hit.weight = settings.form_weight * form.score;
    hit.reason = fmt::format("formulaire {} reconnu ({})", form.title, in_french(form.score));
    hit.page = evidence.page;
    hit.kind = EvidenceKind::Form;
    hit.title = form.rank == 1;
    hit.reference = true;
    hit.at_head = true;
    evidence.hits.push_back(std::move(hit));
    evidence.notice_heading = false;
    if (form.rank == 0) {
        evidence.notice_of = form.type;
    } else if (form.volet) {
        evidence.volet = form.volet;  // volets come one by one: the second without the first is no loss
    } else {
        evidence.page_mark = PageMark{form.rank, std::max(1, form.ranks), {}};
    }
}

}  // namespace pleiade::reader
