// Moves a source out of the inbox once the hub has answered for all of it: to done/, or to rejected/ with its reason.
//
// Operation: `plan` chooses the destinations and writes them down, durably, with the lot's report; `carry_out` does
// what a plan says and removes it. Killed in between, the next life carries the same plan out: what has moved is
// skipped. Without the plan, a lot whose rejected files have already left would look like another lot. Planning takes
// no name; should another ingester take a chosen one first, `carry_out` writes the next free one down and goes on.
// Concurrency: a plan belongs to the process that holds its claim.
#pragma once

#include <string>

#include "common/base/result.h"
#include "services/ingest/lot_report.h"

namespace pleiade::ingest {

struct ReleaseFolders {
    std::string done;
    std::string rejected;
};

Result<bool> plan_release(const LotReport& report, const std::string& source_path, const ReleaseFolders& folders,
                          const std::string& plan_folder, const std::string& plan_name);
Result<bool> carry_out_release(const ReleaseFolders& folders, const std::string& plan_folder,
                               const std::string& plan_name);

}  // namespace pleiade::ingest
