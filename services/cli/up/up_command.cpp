#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <memory>
#include <thread>
#include <vector>

#include "common/base/each_hub.h"
#include "common/base/process_clock.h"
#include "common/bus/client.h"
#include "common/domain/readers_wanted.h"
#include "common/runtime/log.h"
#include "common/runtime/service.h"
#include "services/cli/commands.h"
#include "services/cli/status_view.h"
#include "services/cli/up/first_accounts.h"
#include "services/cli/up/reader_scale.h"
#include "services/cli/up/reader_watch.h"
#include "services/cli/up/supervisor.h"

namespace pleiade::cli {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kTick{100};
constexpr milliseconds kAskEvery{500};
constexpr milliseconds kScaleEvery{5'000};
constexpr milliseconds kHubPatience{500};  // of many, those that are away
constexpr int kIdleAnswersWanted = 2;      // in a row, so that a lot between two steps is not overlooked

std::atomic<bool> stop_wanted{false};
extern "C" void on_stop(int) {
    stop_wanted.store(true);
}

void prepare_home(const runtime::Settings& settings) {
    for (const auto* name : {"inbox", "done", "rejected", "vault", "ledger", "logs", "run"}) {
        fs::create_directories(settings.folder(name));
    }
    // Whoever opens the sockets there speaks to the hub.
    ::chmod(settings.folder("run").c_str(), 0700);
    ::chmod(settings.folder("logs").c_str(), 0700);
}

// A folder still being written has no manifest yet: it does not keep the system from being idle.
bool inbox_is_empty(const runtime::Settings& settings) {
    std::error_code error;
    for (fs::recursive_directory_iterator it(settings.folder("inbox"), error), end; it != end; it.increment(error)) {
        if (error) return false;
        if (it->is_regular_file(error)) return false;
    }
    return true;
}

bool nothing_in_flight(const v1::Status& status) {
    if (status.plis_in_flight() > 0) return false;
    for (const auto& stage : status.in_flight()) {
        if (stage.count() > 0) return false;
    }
    return true;
}

std::string progress_line(const v1::Status& status) {
    return fmt::format("  {} plis received, {} to read; {} documents: {} queued, {} to key", status.plis_received(),
                       status.plis_in_flight(), status.created(), status.queued(), status.to_key());
}

ReaderLimits limits_of(const runtime::Settings& settings) {
    const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    return {.min = settings.reader.processes_min,
            .max = settings.reader.processes_max > 0 ? settings.reader.processes_max : cores};
}

// How many readers this machine runs: as somebody said, by number or by `auto`, else as it was started.
class ReaderNumber {
  public:
    ReaderNumber(const runtime::Settings& settings, int at_start)
        : said_(at_start), watch_(runtime::host_name()), scale_(limits_of(settings)) {
        const auto hubs = each_of(settings.desk_endpoint());
        if (hubs.size() == 1) return;
        for (const auto& hub : hubs) hubs_.push_back(std::make_unique<bus::Client>(hub));
    }

    void look(const v1::Status& status, const v1::Workers& workers, Supervisor& supervisor) {
        if (workers.readers_wanted() != kReadersUnsaid && workers.readers_wanted() != heard_) {
            heard_ = said_ = workers.readers_wanted();
            if (said_ > 0) supervisor.want_readers(said_, true);
        }
        const auto now = clock_.monotonic();
        if (now < look_at_) return;
        look_at_ = now + kScaleEvery;
        const auto load = watch_.look(now, status, of_all_hubs(workers), available_memory_bytes());
        if (said_ != kReadersAuto) return;
        const int wanted = scale_.follow(now, load);
        if (wanted == now_wanted_) return;
        now_wanted_ = wanted;
        runtime::log_info("the number of readers follows the mail",
                          {{"pleiade.readers", std::int64_t{wanted}},
                           {"pleiade.plis_to_read", load.waiting},
                           {"pleiade.oldest_seconds", load.oldest_age.count() / 1'000}});
        supervisor.want_readers(wanted);
    }

  private:
    // A worker reports to one hub at a time, which alone knows it; one that is away has none.
    v1::Workers of_all_hubs(const v1::Workers& of_one) const {
        std::vector<v1::Workers> all{of_one};
        for (const auto& hub : hubs_) {
            auto workers = hub->ask<v1::Workers>(v1::WorkersQuery{}, {.patience = kHubPatience});
            if (workers) all.push_back(std::move(*workers));
        }
        return together(all);
    }

    const ProcessClock clock_;
    std::vector<std::unique_ptr<bus::Client>> hubs_;  // of several
    int said_;
    int heard_ = kReadersUnsaid;
    int now_wanted_ = -1;
    MonotonicTime look_at_{};
    ReaderWatch watch_;
    ReaderScale scale_;
};

}  // namespace

int up(const runtime::Settings& settings, const UpOptions& options) {
    prepare_home(settings);
    runtime::log_open("up", settings.log.level);
    struct sigaction action {};
    action.sa_handler = on_stop;
    sigaction(SIGTERM, &action, nullptr);
    sigaction(SIGINT, &action, nullptr);

    Supervisor supervisor(settings, options.config_file);
    const int readers = options.readers == kReadersAuto ? settings.reader.processes_min : options.readers;
    supervisor.start(readers >= 0 ? readers : settings.reader.processes);
    ReaderNumber number(settings, options.readers);
    fmt::print("Pléiade: http://{}:{}   home: {}\n", settings.gateway.address, settings.gateway.port, settings.home);
    std::fflush(stdout);

    bus::Client desk(settings.desk_endpoint());
    int exit_code = runtime::kExitDone;
    int idle_answers = 0;
    bool table_shown = false;
    std::string last_progress;
    auto next_question = steady_clock::now();
    bool accounts_asked = false;
    while (!stop_wanted) {
        supervisor.tick();
        std::this_thread::sleep_for(kTick);
        if (std::string name; supervisor.hopeless(name)) {
            fmt::print(stderr, "{} refuses its configuration; see {}/{}.log\n", name, settings.folder("logs"), name);
            exit_code = runtime::kExitConfiguration;
            break;
        }
        if (steady_clock::now() < next_question) continue;
        next_question = steady_clock::now() + kAskEvery;

        const bus::CallOptions patience{.patience = milliseconds(2'000)};
        const auto workers = desk.ask<v1::Workers>(v1::WorkersQuery{}, patience);
        if (!accounts_asked) {
            const bool terminal = ::isatty(STDOUT_FILENO) == 1;
            if (const auto text = first_accounts(desk, options.demo, terminal, accounts_asked); !text.empty()) {
                fmt::print("{}\n", text);
                std::fflush(stdout);
            }
        }
        const auto status = desk.ask<v1::Status>(v1::StatusQuery{}, patience);
        if (!status) {
            idle_answers = 0;
            continue;
        }
        if (workers) number.look(*status, *workers, supervisor);
        const bool idle = nothing_in_flight(*status) && inbox_is_empty(settings);
        idle_answers = idle ? idle_answers + 1 : 0;
        if (!idle) {
            table_shown = false;
            if (const auto line = progress_line(*status); line != last_progress) {
                fmt::print("{}\n", line);
                std::fflush(stdout);
                last_progress = line;
            }
        }
        if (idle_answers >= kIdleAnswersWanted && !table_shown) {
            fmt::print("\n{}\n", status_table(*status));
            std::fflush(stdout);
            table_shown = true;
            if (options.exit_when_idle) break;
        }
    }
    supervisor.stop();
    return exit_code;
}

}  // namespace pleiade::cli
