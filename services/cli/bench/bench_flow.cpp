#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "common/base/sha256.h"
#include "common/bus/client.h"
#include "common/bus/worker.h"
#include "common/runtime/service.h"
#include "services/cli/bench/bench.h"

namespace pleiade::cli {
namespace {

namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

constexpr int kScanners = 4;  // clients that register at the same time
constexpr int kPlisPerScanner = 500;
constexpr int kTransitionsPerPli = 5;  // registered, read task leased, read, route task leased, routed

// A hub of its own in a folder of its own; it ends with this object.
class OwnHub {
  public:
    explicit OwnHub(const fs::path& home) : home_(home) {
        fs::create_directories(home / "run");
        fs::create_directories(home / "ledger");
        std::ofstream(home / "pleiade.toml") << "[hub]\nadmin_port = 0\n[log]\nlevel = \"error\"\n";
        std::vector<std::string> words{runtime::program_folder() + "/pleiade-hub", "--home", home.string(), "--config",
                                       (home / "pleiade.toml").string()};
        std::vector<char*> argv;
        for (auto& word : words) argv.push_back(word.data());
        argv.push_back(nullptr);
        if (posix_spawn(&pid_, argv[0], nullptr, nullptr, argv.data(), environ) != 0) pid_ = 0;
    }
    ~OwnHub() {
        if (pid_ > 0) {
            ::kill(pid_, SIGTERM);
            ::waitpid(pid_, nullptr, 0);
        }
    }
    OwnHub(const OwnHub&) = delete;
    OwnHub& operator=(const OwnHub&) = delete;
    std::string work() const { return "ipc://" + (home_ / "run/work").string(); }
    std::string desk() const { return "ipc://" + (home_ / "run/desk").string(); }

  private:
    fs::path home_;
    pid_t pid_ = 0;
};

// Registers invented plis one after the other and notes how long each answer took.
std::vector<double> scan(const std::string& endpoint, int scanner) {
    bus::Client hub(endpoint);
    std::vector<double> answers_ms;
    const auto lot = fmt::format("bench-{}", scanner);
    v1::OpenLot open;
    open.set_lot(lot);
    open.set_content_sha256(sha256_hex(lot));
    open.set_caisse("595");
    open.set_announced_plis(kPlisPerScanner);
    bus::CallOptions options;
    options.idempotency_key = sha256_hex("open" + lot);
    if (!hub.ask<v1::LotOpened>(open, options)) return {};
    for (int i = 0; i < kPlisPerScanner; ++i) {
        v1::Register pli;
        pli.mutable_context()->set_lot(lot);
        pli.mutable_context()->set_pli(fmt::format("{:04}", i + 1));
        pli.mutable_context()->set_caisse("595");
        pli.mutable_context()->set_received_on("2026-11-20");
        auto* file = pli.add_files();
        file->set_sha256(sha256_hex(fmt::format("{}/{}", lot, i)));
        file->set_size_bytes(1);
        pli.add_pages()->set_page(1);
        options.idempotency_key = sha256_hex(fmt::format("register{}/{}", lot, i));
        const auto asked = Steady::now();
        if (!hub.ask<v1::Registered>(pli, options)) return {};
        answers_ms.push_back(std::chrono::duration<double, std::milli>(Steady::now() - asked).count());
    }
    return answers_ms;
}

// The work that costs nothing: what is measured is the journal, not the reading.
Result<v1::Done> stub(const v1::Lease& lease, bus::TaskContext&) {
    v1::Done done;
    if (lease.stage() == "read") {
        auto* reading = done.mutable_reading();
        for (const auto& page : lease.pages()) {
            auto* read = reading->add_pages();
            read->set_page(page.page());
            read->set_kind("document");
            read->set_quality("ok");
        }
        auto* document = reading->add_documents();
        document->set_id(1);
        document->set_type("AAT");
        document->set_role("master");
        document->add_pages(1);
        return done;
    }
    auto* decision = done.mutable_decisions()->add_decisions();
    decision->set_document(1);
    decision->set_kind("auto");
    decision->set_secrecy("medical");
    decision->mutable_route()->set_processed_by("595");
    decision->mutable_route()->set_service("IJ");
    decision->mutable_route()->set_priority("P1");
    decision->mutable_route()->set_due("2026-11-20T18:00:00+01:00");
    decision->mutable_route()->add_pages(1);
    return done;
}

}  // namespace

int bench_flow(const BenchOptions& options) {
    std::string pattern = (fs::temp_directory_path() / "pleiade-bench-XXXXXX").string();
    const fs::path folder = ::mkdtemp(pattern.data());
    std::vector<double> rates;
    std::vector<double> answers;
    for (int run = 0; run < options.runs; ++run) {
        const OwnHub hub(folder / std::to_string(run));
        std::atomic<bool> stop{false};
        std::vector<std::thread> threads;
        for (const auto* stage : {"read", "read", "route"}) {
            threads.emplace_back([&, stage, name = fmt::format("bench-{}", threads.size())] {
                bus::run_worker({hub.work(), name, {stage}}, stub, stop);
            });
        }
        bus::Client desk(hub.desk());
        (void)desk.ask<v1::Status>(v1::StatusQuery{});  // the hub is up
        std::mutex mutex;
        std::vector<std::thread> scanners;
        const auto started = Steady::now();
        for (int scanner = 0; scanner < kScanners; ++scanner) {
            scanners.emplace_back([&, scanner] {
                const auto took = scan(hub.work(), scanner);
                const std::lock_guard lock(mutex);
                answers.insert(answers.end(), took.begin(), took.end());
            });
        }
        for (auto& scanner : scanners) scanner.join();
        constexpr int kPlis = kScanners * kPlisPerScanner;
        const auto deadline = Steady::now() + std::chrono::minutes(3);
        bool finished = false;
        while (!finished && Steady::now() < deadline) {
            const auto status = desk.ask<v1::Status>(v1::StatusQuery{});
            finished = status && status->queued() == kPlis;
            if (!finished) std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        const double seconds = std::chrono::duration<double>(Steady::now() - started).count();
        stop = true;
        for (auto& thread : threads) thread.join();
        if (!finished) {
            fmt::print(stderr, "the hub did not finish within 3 minutes; is another load on this machine?\n");
            return runtime::kExitUnavailable;
        }
        rates.push_back(kPlis * kTransitionsPerPli / seconds);
    }
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    const double p50 = percentile(answers, 0.50);
    const double p99 = percentile(answers, 0.99);
    if (options.json) {
        fmt::print("{}\n", boost::json::serialize(boost::json::object{{"bench", "flow"},
                                                                      {"machine", machine()},
                                                                      {"runs", options.runs},
                                                                      {"durable_transitions_per_second", median(rates)},
                                                                      {"register_p50_ms", p50},
                                                                      {"register_p99_ms", p99}}));
        return runtime::kExitDone;
    }
    fmt::print("{}\n{} plis a run, {} scanners, 3 workers, median of {} runs\n", machine(), kScanners * kPlisPerScanner,
               kScanners, options.runs);
    fmt::print("  durable transitions {:>8.0f} /s    answer to Register p50 {:.1f} ms, p99 {:.1f} ms\n", median(rates),
               p50, p99);
    return runtime::kExitDone;
}

}  // namespace pleiade::cli
