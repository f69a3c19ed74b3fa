#include "services/router/local_time.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <exception>
#include <sstream>

#include "common/base/check.h"

namespace pleiade::router {

std::optional<Instant> instant_from_rfc3339(std::string_view text) {
    std::string given(text);
    if (!given.empty() && (given.back() == 'Z' || given.back() == 'z')) given.replace(given.size() - 1, 1, "+00:00");
    std::istringstream stream(given);
    std::chrono::sys_time<std::chrono::milliseconds> instant;
    stream >> date::parse("%FT%T%Ez", instant);
    if (stream.fail() || stream.peek() != std::char_traits<char>::eof()) return std::nullopt;
    return std::chrono::floor<std::chrono::seconds>(instant);
}

Result<LocalTime> LocalTime::open(const std::string& zone_name) {
    try {
        LocalTime local;
        local.zone_ = date::locate_zone(zone_name);
        return local;
    } catch (const std::exception& error) {
        return invalid("CONFIG_INVALID",
                       fmt::format("the time zone «{}» is unknown here ({})", zone_name, error.what()));
    }
}

Instant LocalTime::at(Day day, std::chrono::minutes time_of_day) const {
    PLEIADE_CHECK(zone_ != nullptr);
    const date::local_days local{day.time_since_epoch()};
    return zone_->to_sys(local + time_of_day + std::chrono::seconds{0}, date::choose::earliest);
}

std::string LocalTime::to_rfc3339(Instant instant) const {
    PLEIADE_CHECK(zone_ != nullptr);
    return date::format("%FT%T%Ez", date::make_zoned(zone_, instant));
}

}  // namespace pleiade::router
