// From a stream of pages to documents: which page opens one, which continues it.
#pragma once

#include <string>
#include <vector>

#include "common/domain/nomenclature.h"
#include "services/reader/page_evidence.h"
#include "services/reader/typage.h"

namespace pleiade::reader {

struct PageGroup {
    std::vector<const PageEvidence*> pages;
    bool cut_certain = true;  // false when a page was joined or parted on weak grounds
    Verdict verdict;          // of all its pages together
    bool notice_only = false;
};

// `pages`: those of kind document, in order. Every one of them ends up in exactly one group. Pure.
std::vector<PageGroup> group_pages(const std::vector<const PageEvidence*>& pages, const Nomenclature& nomenclature,
                                   const TypageSettings& settings);

}  // namespace pleiade::reader
