#include "services/reader/letters/letter_evidence.h"

#include <fmt/format.h>

#include <algorithm>

#include "services/reader/page_text.h"

namespace pleiade::reader::letters {
namespace {

constexpr int kWordsMin = 12;          // an address alone is no wording
constexpr double kWeightMax = 5;       // one more than UNKNOWN starts with (typage.toml): named, far from certain
constexpr double kWeightScrawled = 7;  // handwriting gives UNKNOWN two more (typage.csv)

}  // namespace

bool speaks_for_itself(const PageEvidence& evidence) {
    if (evidence.words < kWordsMin || evidence.foreign || !evidence.notice_of.empty()) return false;
    return std::none_of(evidence.hits.begin(), evidence.hits.end(), [](const Hit& hit) { return hit.reference; });
}

void add_letter_evidence(const LetterModel& model, const OcrPage& page, PageEvidence& evidence) {
    if (model.empty() || !speaks_for_itself(evidence)) return;
    const auto opinion = model.opinion_of(PageText(page).folded());
    if (!opinion.letter || opinion.margin <= 0) return;
    Hit hit;
    hit.type = opinion.type;
    hit.key = "wording";
    hit.weight = std::min(evidence.scrawled() ? kWeightScrawled : kWeightMax, opinion.margin);
    std::string said;
    for (const auto& words : opinion.said) said += fmt::format("{}« {} »", said.empty() ? "" : ", ", words);
    hit.reason = said.empty() ? "tournures de ce genre de courrier" : "tournures de ce genre de courrier : " + said;
    hit.page = evidence.page;
    hit.kind = EvidenceKind::Wording;
    evidence.hits.push_back(std::move(hit));
}

}  // namespace pleiade::reader::letters
