#include <fmt/format.h>

#include <chrono>

#include "common/bus/client.h"
#include "common/domain/readers_wanted.h"
#include "common/runtime/service.h"
#include "services/cli/answers.h"
#include "services/cli/commands.h"
#include "services/cli/status_view.h"

namespace pleiade::cli {
namespace {

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
    if (workers.readers_wanted() > 0) fmt::print("readers wanted: {}\n", workers.readers_wanted());
    if (workers.readers_wanted() == kReadersAuto) fmt::print("readers wanted: as the mail needs (auto)\n");
}

}  // namespace

int workers(const runtime::Settings& settings, int readers, const std::string& drain) {
    bus::Client desk(settings.desk_endpoint());
    const bus::CallOptions patience{.patience = std::chrono::seconds(3)};
    if (readers != kReadersAsSet) {
        v1::WantReaders want;
        want.set_readers(readers);
        const auto wanted = desk.ask<v1::Wanted>(want, patience);
        if (!wanted) return fail_with(wanted.error());
        if (wanted->readers() == kReadersAuto) {
            fmt::print("`pleiade up` now follows the mail that waits, within reader.processes_min and _max\n");
        } else {
            fmt::print("{} readers wanted; `pleiade up` starts or drains them within seconds\n", wanted->readers());
        }
        return runtime::kExitDone;
    }
    if (!drain.empty()) {
        v1::DrainWorker order;
        order.set_worker(drain);
        const auto drained = desk.ask<v1::Ok>(order, patience);
        if (!drained) return fail_with(drained.error());
        fmt::print("{} finishes its task and leaves\n", drain);
        return runtime::kExitDone;
    }
    const auto list = desk.ask<v1::Workers>(v1::WorkersQuery{}, patience);
    if (!list) return fail_with(list.error());
    print_table(*list);
    return runtime::kExitDone;
}

}  // namespace pleiade::cli
