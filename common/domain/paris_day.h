// The day that it is in Paris at an instant, without the system's table of time zones: for counting days, where the
// rule of the European Union (Directive 2000/84/EC; in force in France since 1996) is enough.
#pragma once

#include <chrono>

#include "common/domain/calendar.h"

namespace pleiade {

Day paris_day(std::chrono::sys_time<std::chrono::milliseconds> instant);

}  // namespace pleiade
