#include "common/ledger/sql/times.h"

#include <chrono>
#include <cstdio>

namespace pleiade::ledger {

std::optional<std::int64_t> ms_of_rfc3339(const std::string& text) {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, used = 0;
    if (std::sscanf(text.c_str(), "%4d-%2d-%2d%*1[Tt ]%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second,
                    &used) != 6 ||
        used == 0) {
        return std::nullopt;
    }
    auto at = static_cast<std::size_t>(used);
    std::int64_t fraction_ms = 0;
    if (at < text.size() && text[at] == '.') {
        int scale = 100;
        for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) {
            fraction_ms += (text[at] - '0') * scale;
        }
    }
    int offset_minutes = 0;
    const std::string zone = text.substr(at);
    if (zone != "Z" && zone != "z") {
        char sign[2] = {};
        int zone_hour = 0, zone_minute = 0, length = 0;
        if (std::sscanf(zone.c_str(), "%1[+-]%2d:%2d%n", sign, &zone_hour, &zone_minute, &length) != 3 ||
            static_cast<std::size_t>(length) != zone.size()) {
            return std::nullopt;
        }
        offset_minutes = (sign[0] == '-' ? -1 : 1) * (zone_hour * 60 + zone_minute);
    }
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    const auto days = std::chrono::sys_days{date}.time_since_epoch();
    const auto time =
        std::chrono::hours{hour} + std::chrono::minutes{minute - offset_minutes} + std::chrono::seconds{second};
    return std::chrono::duration_cast<std::chrono::milliseconds>(days + time).count() + fraction_ms;
}

std::string rfc3339_utc(std::int64_t ms) {
    const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds{ms}};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    return text;
}

}  // namespace pleiade::ledger
