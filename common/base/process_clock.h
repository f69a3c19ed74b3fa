// The clock of a process: the system's, or one that a fault test steps while it runs.
#pragma once

#include "common/base/clock.h"
#include "common/base/failpoint.h"

namespace pleiade {

#ifdef PLEIADE_FAULTS

class ProcessClock final : public Clock {
  public:
    WallTime now() const override { return system_.now() + failpoint::clock_step(); }
    MonotonicTime monotonic() const override { return system_.monotonic(); }

  private:
    SystemClock system_;
};

#else

using ProcessClock = SystemClock;

#endif

}  // namespace pleiade
