// When a document is due: the mail room's promise by priority, and the law's where it counts from receipt.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/domain/calendar_legal_clocks.h"
#include "common/domain/pli.h"
#include "services/router/calendar_file.h"

namespace pleiade::router {

// RFC 3339 with the offset in force. P0 runs from the scan, else from the registration; when neither time is known
// (reading files without a hub), it is due at close of business of working day 0, like P1.
std::string due_at(Priority priority, const PliContext& context, Day received_on, std::string_view departement,
                   const MailRoomCalendar& mail_room);

}  // namespace pleiade::router
