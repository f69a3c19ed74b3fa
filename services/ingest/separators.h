// Cuts a loose file into plis at its separator pages.
//
// A separator opens a pli and is listed with it. Pages before the first separator form the first pli. Separators that
// follow each other open one pli, not empty ones; a separator after which nothing comes is listed with the last pli,
// so that every image of the file stands in exactly one pli.
#pragma once

#include <string>
#include <vector>

#include "common/domain/pli.h"
#include "services/ingest/file_inspector.h"

namespace pleiade::ingest {

// A QR, Code 128 or Code 39 whose text begins with one of the prefixes.
bool is_separator(const InspectedPage& page, const std::vector<std::string>& prefixes);

// The pages of each pli, numbered over the file.
std::vector<std::vector<PageRef>> cut_at_separators(const InspectedFile& file,
                                                    const std::vector<std::string>& prefixes);

}  // namespace pleiade::ingest
