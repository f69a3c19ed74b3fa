// The hours of one time zone, summer and winter, from the system's tzdata. Immutable; thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/domain/calendar.h"

namespace date {
class time_zone;
}

namespace pleiade::router {

using Instant = std::chrono::sys_time<std::chrono::seconds>;

// "2026-11-20T07:05:12+01:00", "2026-11-20T06:05:12.250Z"; empty for anything else.
std::optional<Instant> instant_from_rfc3339(std::string_view text);

class LocalTime {
  public:
    LocalTime() = default;
    // Invalid when the system has no such zone: is the package tzdata installed?
    static Result<LocalTime> open(const std::string& zone_name);

    // The instant at which the clocks of the zone show that hour of that day. An hour that the change of clocks skips
    // is read as the change itself; one that it repeats, as its first passage.
    Instant at(Day day, std::chrono::minutes time_of_day) const;
    // With the offset in force: "2026-11-20T18:00:00+01:00".
    std::string to_rfc3339(Instant instant) const;

  private:
    const date::time_zone* zone_ = nullptr;  // owned by the library, for the life of the process
};

}  // namespace pleiade::router
