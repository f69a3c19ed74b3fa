// Pages of a pli that are the same sheet once more: fed twice, copied, sent with its copy. A signal for people, never a
// reason to refuse or to drop anything.
#pragma once

#include <map>
#include <vector>

#include "services/reader/ocr_page.h"

namespace pleiade::reader {

// Page -> the earlier page that it repeats. Forms of one print run share their print, so nearly all words must be the
// same, and every number that was read well on one of them must stand on the other. Limits: pages of fewer than
// kRepeatWordsMin words are told from nothing; of the first kRepeatPagesMax pages. Pure.
inline constexpr std::size_t kRepeatWordsMin = 20;
inline constexpr std::size_t kRepeatPagesMax = 200;
std::map<int, int> repeated_pages(const std::vector<const OcrPage*>& pages);

}  // namespace pleiade::reader
