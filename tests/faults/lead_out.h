// The recovery verbs, as a person uses them when the faults are over: nothing that the bench sets aside needs a hand in
// the store.
#pragma once

#include "tests/faults/chain.h"

namespace pleiade::faults {

// Takes each pli out of quarantine, once to be read again, and rejects those that come back there. Prints the table's
// line: how many were aside, and that none is left.
bool lead_out(Chain& chain);

}  // namespace pleiade::faults
