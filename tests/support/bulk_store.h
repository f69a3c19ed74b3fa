// A ledger of any size, in minutes: some hundreds of plis are led through the real ledger, then their rows are copied
// under new names, numbers and dates, with their audit chain sealed anew. `pleiade verify` finds nothing in it.
//
// Operation: columns are found by their names, so that a newer schema is copied too. Each copy stands some hours after
// the one before it, from `days` ago to now. Endorsers, registered numbers, digests of NIRs and pli ids are each pli's
// own; the first copy (the real plis) is what a search with a known answer looks for: see kFirst... Readings are
// small (half a kilobyte). Files are not in any vault.
// Limits: nobody else has the ledger open; a few kilobytes of disk for each pli.
#pragma once

#include <cstdint>
#include <string>

#include "common/base/clock.h"

namespace pleiade::test {

struct BulkOptions {
    std::string folder;  // of the ledger; made
    std::int64_t plis = 1'000'000;
    int days = 30;
    WallTime until = SystemClock().now();
};

// How many plis there are: the least multiple of the template's that is not under what was asked.
std::int64_t build_bulk_store(const BulkOptions& options);

// Of the first pli alone.
inline constexpr const char* kFirstEndorser = "A0000000";
inline constexpr const char* kFirstRegisteredMail = "1A00000000000";

// The template: real plis in every state that mail comes to, from `since` on; how many.
std::int64_t build_bulk_template(const std::string& folder, WallTime since);

}  // namespace pleiade::test
