#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "common/base/each_hub.h"
#include "common/bus/client.h"
#include "common/domain/readers_wanted.h"
#include "common/runtime/service.h"
#include "services/cli/answers.h"
#include "services/cli/commands.h"
#include "services/cli/status_view.h"

namespace pleiade::cli {
namespace {

const bus::CallOptions kPatience{.patience = std::chrono::seconds(3)};

std::int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

void print_table(const v1::Workers& workers) {
    fmt::print("{:<28} {:<9} {:<6} {:<10} {:>8} {:>7} {:>6} {:>9} {:>8}\n", "worker", "state", "stage", "since", "done",
               "failed", "stale", "cpu s", "MiB");
    for (const auto& worker : workers.workers()) {
        std::string stages;
        for (const auto& stage : worker.stages()) stages += (stages.empty() ? "" : ",") + stage;
        fmt::print("{:<28} {:<9} {:<6} {:<10} {:>8} {:>7} {:>6} {:>9.1f} {:>8}\n", worker.worker(), worker.state(),
                   stages, age_text((now_ms() - worker.since_ms()) / 1000), worker.done(), worker.failed(),
                   worker.stale(), worker.cpu_ms() / 1000, worker.rss_bytes() >> 20);
    }
    if (workers.workers_size() == 0) fmt::print("No worker has reported to this hub.\n");
}

// A worker reports to one hub at a time, and each hub knows its own: all are asked.
int print_workers(const HubAddress& hubs) {
    std::optional<int> wanted;
    std::optional<Error> last;
    for (const auto& hub : each_of(hubs)) {
        if (hubs.endpoints.size() > 1) fmt::print("{}\n", hub.endpoints.front());
        const auto list = bus::Client(hub).ask<v1::Workers>(v1::WorkersQuery{}, kPatience);
        if (!list) {
            last = list.error();
            if (hubs.endpoints.size() > 1) fmt::print("  {}: {}\n", last->code, last->message);
            continue;
        }
        print_table(*list);
        wanted = list->readers_wanted();
    }
    if (!wanted) return fail_with(*last);
    if (*wanted > 0) fmt::print("readers wanted: {}\n", *wanted);
    if (*wanted == kReadersAuto) fmt::print("readers wanted: as the mail needs (auto)\n");
    return runtime::kExitDone;
}

int drain_worker(const HubAddress& hubs, const std::string& worker) {
    v1::DrainWorker order;
    order.set_worker(worker);
    std::optional<Error> refused;
    for (const auto& hub : each_of(hubs)) {
        const auto drained = bus::Client(hub).ask<v1::Ok>(order, kPatience);
        if (drained) {
            fmt::print("{} finishes its task and leaves\n", worker);
            return runtime::kExitDone;
        }
        // That a hub does not know it says less than that another is away.
        if (!refused || refused->kind == ErrorKind::NotFound) refused = drained.error();
    }
    return fail_with(*refused);
}

}  // namespace

int workers(const runtime::Settings& settings, int readers, const std::string& drain) {
    if (!drain.empty()) return drain_worker(settings.desk_endpoint(), drain);
    if (readers == kReadersAsSet) return print_workers(settings.desk_endpoint());
    v1::WantReaders want;
    want.set_readers(readers);
    const auto wanted = bus::Client(settings.desk_endpoint()).ask<v1::Wanted>(want, kPatience);
    if (!wanted) return fail_with(wanted.error());
    if (wanted->readers() == kReadersAuto) {
        fmt::print("`pleiade up` now follows the mail that waits, within reader.processes_min and _max\n");
    } else {
        fmt::print("{} readers wanted; `pleiade up` starts or drains them within seconds\n", wanted->readers());
    }
    return runtime::kExitDone;
}

}  // namespace pleiade::cli
