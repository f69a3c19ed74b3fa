#include "services/cli/up/reader_watch.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <set>
#include <string>

namespace pleiade::cli {
namespace {

constexpr std::chrono::minutes kRateOver{10};
constexpr double kPlisForARate = 5;  // fewer say nothing

std::int64_t plis_to_read(const v1::Status& status) {
    for (const auto& stage : status.tasks()) {
        if (stage.stage() == "read") return stage.count();
    }
    return 0;
}

bool reads(const v1::WorkerRow& worker) {
    return std::ranges::find(worker.stages(), "read") != worker.stages().end();
}

// "key:reader-1@machine"; without a name of a machine where all is on one.
std::string machine_of(const std::string& worker, const std::string& otherwise) {
    const auto at = worker.rfind('@');
    return at == std::string::npos ? otherwise : worker.substr(at + 1);
}

std::uint64_t number_in(const std::string& path) {
    std::ifstream stream(path);
    std::uint64_t number = 0;
    return stream >> number ? number : std::numeric_limits<std::uint64_t>::max();  // "max" or no such file
}

}  // namespace

v1::Workers together(const std::vector<v1::Workers>& of_hubs) {
    std::map<std::string, v1::WorkerRow> rows;
    v1::Workers all;
    for (const auto& workers : of_hubs) {
        all.set_readers_wanted(workers.readers_wanted());  // in the store that they share
        for (const auto& worker : workers.workers()) {
            auto& row = rows[worker.worker()];
            if (row.last_seen_ms() <= worker.last_seen_ms()) row = worker;
        }
    }
    for (auto& [name, row] : rows) *all.add_workers() = std::move(row);
    return all;
}

ReaderLoad ReaderWatch::look(MonotonicTime now, const v1::Status& status, const v1::Workers& workers,
                             std::uint64_t available_bytes) {
    ReaderLoad load;
    load.available_bytes = available_bytes;
    load.waiting = plis_to_read(status);
    arrivals_.note(now, status.plis_registered());
    load.oldest_age = arrivals_.oldest_age(now, load.waiting);

    double done = 0;
    int at_work = 0;
    std::set<std::string> machines{machine_};
    for (const auto& worker : workers.workers()) {
        if (!reads(worker) || worker.state() == "gone") continue;
        const auto machine = machine_of(worker.worker(), machine_);
        machines.insert(machine);
        load.readers += machine == machine_ ? 1 : 0;
        at_work += worker.task().empty() ? 0 : 1;
        reader_bytes_ = std::max(reader_bytes_, worker.rss_bytes());
        auto& before = done_[worker.worker()];
        done += static_cast<double>(worker.done() >= before ? worker.done() - before : worker.done());
        before = worker.done();
    }
    load.machines = static_cast<int>(machines.size());
    if (looked_at_) {
        const double passed = std::chrono::duration<double, std::ratio<60>>(now - *looked_at_).count();
        stretches_.push_back({now, done, passed * at_work});
    }
    looked_at_ = now;
    while (!stretches_.empty() && now - stretches_.front().at > kRateOver) stretches_.pop_front();
    double all_done = 0;
    double all_minutes = 0;
    for (const auto& stretch : stretches_) {
        all_done += stretch.done;
        all_minutes += stretch.minutes_at_work;
    }
    if (all_done >= kPlisForARate && all_minutes > 0) load.plis_per_minute = all_done / all_minutes;
    load.reader_bytes = reader_bytes_ + reader_bytes_ / 2;
    return load;
}

std::uint64_t available_memory_bytes() {
    std::uint64_t available = std::numeric_limits<std::uint64_t>::max();
    std::ifstream meminfo("/proc/meminfo");
    for (std::string name; meminfo >> name;) {
        if (name != "MemAvailable:") continue;
        std::uint64_t kib = 0;
        if (meminfo >> kib) available = kib << 10;
        break;
    }
    const auto most = number_in("/sys/fs/cgroup/memory.max");
    const auto used = number_in("/sys/fs/cgroup/memory.current");
    if (most != std::numeric_limits<std::uint64_t>::max() && used <= most) available = std::min(available, most - used);
    return available;
}

}  // namespace pleiade::cli
