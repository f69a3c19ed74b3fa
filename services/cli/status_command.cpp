#include <fmt/format.h>

#include "common/bus/client.h"
#include "common/runtime/service.h"
#include "services/cli/answers.h"
#include "services/cli/commands.h"
#include "services/cli/status_view.h"

namespace pleiade::cli {

int status(const runtime::Settings& settings, bool json) {
    bus::Client desk(settings.desk_endpoint());
    const auto answer = desk.ask<v1::Status>(v1::StatusQuery{}, {.patience = std::chrono::seconds(3)});
    if (!answer) return fail_with(answer.error());
    if (json) {
        fmt::print("{}\n", boost::json::serialize(status_json(*answer)));
    } else {
        fmt::print("{}", status_table(*answer));
    }
    return runtime::kExitDone;
}

}  // namespace pleiade::cli
