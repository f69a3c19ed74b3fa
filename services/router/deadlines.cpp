#include "services/router/deadlines.h"

namespace pleiade::router {
namespace {

int working_day_number(Priority priority) {
    switch (priority) {
        case Priority::P0:
        case Priority::P1:
            return 0;
        case Priority::P2:
            return 1;
        case Priority::P3:
            return 2;
    }
    return 0;
}

}  // namespace

std::string due_at(Priority priority, const PliContext& context, Day received_on, std::string_view departement,
                   const MailRoomCalendar& mail_room) {
    if (priority == Priority::P0) {
        auto from = instant_from_rfc3339(context.scanned_at);
        if (!from) from = instant_from_rfc3339(context.registered_at);
        if (from) return mail_room.local_time.to_rfc3339(*from + mail_room.p0_delay);
    }
    const Day day = mail_room.calendar.working_day(received_on, working_day_number(priority), departement);
    return mail_room.local_time.to_rfc3339(mail_room.local_time.at(day, mail_room.close_of_business));
}

}  // namespace pleiade::router
