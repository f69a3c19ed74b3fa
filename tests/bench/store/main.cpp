// pleiade-store-bench: what each list and search takes, over a store of a million plis.
// Usage: pleiade-store-bench --folder FOLDER [--plis 1000000] [--times 40]; a folder that holds a ledger is used as it
// is.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/store/questions.h"
#include "tests/support/bulk_store.h"
#include "tests/support/machine.h"

namespace {

using namespace pleiade;

constexpr double kAskedMs = 300;  // p95

double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::uintmax_t size_of(const std::string& folder) {
    std::uintmax_t bytes = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        if (file.is_regular_file()) bytes += file.file_size();
    }
    return bytes;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Lists and search over a full store"};
    std::string folder;
    std::int64_t plis = 1'000'000;
    int times = 40;
    app.add_option("--folder", folder, "of the ledger; built when it holds none")->required();
    app.add_option("--plis", plis, "to build")->check(CLI::Range(500, 100'000'000));
    app.add_option("--times", times, "each question is asked")->check(CLI::Range(20, 100'000));
    CLI11_PARSE(app, argc, argv);
    auto begin = std::chrono::steady_clock::now();
    if (!std::filesystem::exists(folder) || std::filesystem::is_empty(folder)) {
        test::BulkOptions options;
        options.folder = folder;
        options.plis = plis;
        const auto built = test::build_bulk_store(options);
        fmt::print("built {} plis in {:.0f} s\n", built, seconds_since(begin));
    }
    const SystemClock clock;
    begin = std::chrono::steady_clock::now();
    // As the hub does: what a newer version adds to a store, it adds when it opens it.
    ledger::open_sqlite_ledger({.folder = folder, .clock = &clock});
    const double opening = seconds_since(begin);
    const auto reader = ledger::open_sqlite_reader(folder, clock);
    const auto status = reader->status();
    fmt::print("{} plis, {} documents, {} queues, {:.1f} GiB; opened in {:.1f} s; {}\n", status.plis_registered(),
               status.created(), status.queues_size(), static_cast<double>(size_of(folder)) / (1 << 30), opening,
               pleiade::test::machine());
    const auto known = bench::known_of(*reader);
    int slow = 0;
    fmt::print("  {:<42} {:>8} {:>8} {:>8}  rows\n", "ms", "median", "p95", "most");
    for (const auto& question : bench::questions(known)) {
        std::vector<double> took;
        int most_rows = 0;
        for (int i = 0; i < times; ++i) {
            const auto start = std::chrono::steady_clock::now();
            const int rows = question.ask(*reader, i);
            took.push_back(seconds_since(start) * 1'000);
            most_rows = rows < 0 ? -1 : std::max(most_rows, rows);
            if (rows < 0) break;
        }
        std::ranges::sort(took);
        const double p95 = took[std::min(took.size() - 1, took.size() * 95 / 100)];
        const bool bad = p95 > kAskedMs || most_rows < 0;
        slow += bad ? 1 : 0;
        fmt::print("  {:<42} {:>8.1f} {:>8.1f} {:>8.1f}  {}{}\n", question.name, took[took.size() / 2], p95,
                   took.back(), most_rows,
                   most_rows < 0 ? " REFUSED"
                   : bad         ? " SLOW"
                                 : "");
    }
    fmt::print("  asked: p95 at most {:.0f} ms: {}\n", kAskedMs,
               slow == 0 ? "yes" : fmt::format("NO, {} are slow", slow));
    return slow == 0 ? 0 : 1;
}
