#include <fmt/format.h>

#include "common/runtime/service.h"
#include "services/cli/commands.h"
#include "services/router/router.h"

namespace pleiade::cli {

int router_check(const runtime::Settings& settings) {
    const auto router = router::Router::open(settings.config_folder);
    if (!router) {
        fmt::print(stderr, "{}\n", router.error().message);
        return runtime::kExitConfiguration;
    }
    fmt::print("routing plan of {} is good, version {}\n", settings.config_folder, (*router)->version());
    for (const auto& line : (*router)->summary()) fmt::print("  {}\n", line);
    return runtime::kExitDone;
}

}  // namespace pleiade::cli
