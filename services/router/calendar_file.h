// deploy/config/calendar.toml: the mail room's hours and the public holidays.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "common/domain/calendar.h"
#include "services/router/local_time.h"
#include "services/router/table_file.h"

namespace pleiade::router {

struct MailRoomCalendar {
    std::string version;
    LocalTime local_time;
    std::chrono::minutes close_of_business{18 * 60};
    std::chrono::minutes p0_delay{60};
    Calendar calendar;
};

// `departements`: those of the caisses; a holiday that names another one is a slip. Empty: not checked.
MailRoomCalendar parse_calendar(const TableFile& file, const std::vector<std::string>& departements,
                                TableProblems& problems);

}  // namespace pleiade::router
