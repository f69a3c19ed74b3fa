// What a stub gives for a lease.
#pragma once

#include "common/wire/messages.h"

namespace pleiade::faults {

v1::Done result_of(const v1::Lease& lease);  // a third goes to two recipients

}  // namespace pleiade::faults
