// The readers of `pleiade up`: more of them, fewer, one drained by its name, all of it stopped, always in the middle of
// the work. Who has begun a pli ends it.
#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <optional>
#include <thread>

#include "common/bus/client.h"
#include "tests/faults/bench.h"
#include "tests/faults/checker.h"
#include "tests/faults/office.h"
#include "tests/faults/scratch.h"
#include "tests/faults/spawn.h"
#include "tests/support/temporary_folder.h"

namespace pleiade::faults {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

constexpr int kWorkMs = 300;  // of a stub, so that every change finds readers at work
constexpr double kStopMax = 10;
constexpr seconds kPatience{60};  // of a busy machine

template <class Condition>
bool within(seconds patience, const Condition& holds) {
    const auto until = Clock::now() + patience;
    while (!holds()) {
        if (Clock::now() >= until) return false;
        std::this_thread::sleep_for(milliseconds(20));
    }
    return true;
}

// The real supervisor over the real services, with the stub in the reader's place.
class Supervised {
  public:
    Supervised(const Options& options, std::string home) : home_(std::move(home)), gateway_port_(free_port()) {
        for (const char* service : {"hub", "ingest", "router", "gateway"}) {
            fs::create_symlink(fs::absolute(options.bin) / fmt::format("pleiade-{}", service),
                               programs_ / fmt::format("pleiade-{}", service));
        }
        fs::create_symlink(fs::absolute(options.bin) / "pleiade-stub-reader", programs_ / "pleiade-reader");
        // It looks for the others beside its own file: a link would lead it away from them.
        fs::copy_file(options.supervisor.empty() ? options.bin + "/pleiade" : options.supervisor, pleiade());
        fs::create_directories(home_ + "/inbox");
        fs::create_directories(home_ + "/logs");
        put_file(settings(), fmt::format("[ingest]\nadmin_port = 0\nscan_every_ms = 50\ndisk_free_bytes_min = 1048576\n"
                                         "[hub]\nadmin_port = 0\ndisk_free_bytes_min = 1048576\nlease_ms = 20000\n"
                                         "[gateway]\nport = {}\n[log]\nlevel = \"warning\"\n",
                                         gateway_port_));
    }
    ~Supervised() {
        if (up_ <= 0) return;
        ::kill(up_, SIGKILL);
        ::waitpid(up_, nullptr, 0);
    }
    Supervised(const Supervised&) = delete;
    Supervised& operator=(const Supervised&) = delete;

    void start() { up_ = run({"up", "--readers", "2"}); }
    // SIGTERM; in how many seconds it ended, if it did well.
    std::optional<double> stop() {
        const auto began = Clock::now();
        ::kill(up_, SIGTERM);
        const auto status = end_of(up_);
        up_ = -1;
        if (!status || *status != 0) return std::nullopt;
        return std::chrono::duration<double>(Clock::now() - began).count();
    }
    bool say(const std::vector<std::string>& words) const {
        const auto status = end_of(run(words));
        return status && *status == 0;
    }

    struct Readers {
        int there = 0;
        int at_work = 0;
        std::string one_at_work{};
    };
    Readers readers() const {
        bus::Client desk(this->desk());
        Readers readers;
        const auto workers = desk.ask<v1::Workers>(v1::WorkersQuery{}, {.patience = seconds(2)});
        if (!workers) return readers;
        for (const auto& row : workers->workers()) {
            if (row.state() == "gone" || std::ranges::find(row.stages(), "read") == row.stages().end()) continue;
            ++readers.there;
            if (row.task().empty()) continue;
            ++readers.at_work;
            readers.one_at_work = row.worker();
        }
        return readers;
    }

    std::string work() const { return "ipc://" + home_ + "/run/work"; }
    std::string desk() const { return "ipc://" + home_ + "/run/desk"; }
    const std::string& home() const { return home_; }
    std::uint16_t gateway_port() const { return gateway_port_; }

  private:
    std::string pleiade() const { return programs_ / "pleiade"; }
    std::string settings() const { return home_ + "/pleiade.toml"; }
    pid_t run(std::vector<std::string> words) const {
        words.insert(words.begin(), pleiade());
        words.insert(words.end(), {"--home", home_, "--config", settings()});
        return spawn(words, {fmt::format("PLEIADE_STUB_WORK_MS={}", kWorkMs)}, home_ + "/logs/up.log");
    }
    static std::optional<int> end_of(pid_t pid) {
        int status = 0;
        if (within(kPatience, [&] { return ::waitpid(pid, &status, WNOHANG) == pid; })) return status;
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        return std::nullopt;
    }

    const test::TemporaryFolder programs_;  // where programs may be run from
    const std::string home_;
    const std::uint16_t gateway_port_;
    pid_t up_ = -1;
};

// Seconds until so many are there; nothing when it does not come to that.
std::optional<double> change_to(const Supervised& system, const std::vector<std::string>& words, int readers) {
    const auto began = Clock::now();
    const bool there = system.say(words) && within(kPatience, [&] { return system.readers().there == readers; });
    return there ? std::optional(std::chrono::duration<double>(Clock::now() - began).count()) : std::nullopt;
}

}  // namespace

bool elastic(const Options& options) {
    const std::int64_t rounds = options.count > 0 ? options.count : 5;
    const Scratch scratch(options.folder);
    Supervised system(options, scratch.path() + "/home");
    system.start();
    if (!within(kPatience, [&] { return system.readers().there == 2; })) {
        return figure("pleiade up", "does not come up", "two readers", false);
    }
    Office office(
        {.home = system.home(),
         .work = system.work(),
         .desk = system.desk(),
         .gateway_port = system.gateway_port(),
         .tasks_waiting = [&] { return count_in(system.home(), "SELECT tasks_read + tasks_route FROM totals"); }},
        options.seed, milliseconds(300), 4);
    const auto at_work = [&] { return within(kPatience, [&] { return system.readers().at_work > 0; }); };
    int changes = 0;
    int changes_made = 0;
    int stops = 0;
    double slowest_change = 0;
    double slowest_stop = 0;
    const auto change = [&](const std::vector<std::string>& words, int readers) {
        at_work();
        const auto took = change_to(system, words, readers);
        ++changes;
        changes_made += took ? 1 : 0;
        slowest_change = std::max(slowest_change, took.value_or(kPatience.count()));
    };
    for (std::int64_t i = 0; i < rounds; ++i) {
        for (const int readers : {4, 1, 3}) change({"workers", "--readers", std::to_string(readers)}, readers);
        at_work();
        change({"workers", "--drain", system.readers().one_at_work}, 2);
        at_work();
        const auto took = system.stop();
        stops += took ? 1 : 0;
        slowest_stop = std::max(slowest_stop, took.value_or(kPatience.count()));
        system.start();
    }
    const bool over = wait_until_over(system.home(), office, seconds(120), [] {});
    office.finish();
    const bool ended = system.stop().has_value();
    bool good = figure("changes of the number of readers, and drains by name", std::to_string(changes_made),
                       std::to_string(changes), changes_made == changes);
    figure("slowest to be made, s", fmt::format("{:.1f}", slowest_change), "(shown)", true);
    good &= figure("stops of all of it", std::to_string(stops), std::to_string(rounds), stops == rounds && ended);
    good &= figure("slowest stop, s", fmt::format("{:.1f}", slowest_stop), "10", slowest_stop <= kStopMax);
    good &= judge_begun_once(system.home(), office.history(), over);
    return good;
}

}  // namespace pleiade::faults
