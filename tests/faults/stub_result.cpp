#include "tests/faults/stub_result.h"

#include "tests/support/worker_results.h"

namespace pleiade::faults {

v1::Done result_of(const v1::Lease& lease) {
    v1::Done done = test::result_of(lease);
    if (lease.stage() == "read" || lease.pli_id().front() % 3 != 0) return done;
    for (auto& decision : *done.mutable_decisions()->mutable_decisions()) {
        v1::Copy& copy = *decision.mutable_route()->add_copies();
        copy.set_processed_by("595");
        copy.set_service("ELSM");
    }
    return done;
}

}  // namespace pleiade::faults
