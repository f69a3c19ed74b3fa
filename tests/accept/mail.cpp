// Generated mail of the test half, scanner defects on, read by `pleiade read --json` and compared with its truth.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <thread>

#include "services/cli/bench/accuracy.h"
#include "services/cli/bench/sample_mail.h"
#include "services/cli/contract_lines.h"
#include "tests/accept/checks.h"
#include "tests/accept/process.h"
#include "tests/support/temporary_folder.h"

namespace pleiade::accept {
namespace fs = std::filesystem;
namespace {

constexpr auto kPerPli = std::chrono::seconds(30);

std::string content_of(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

std::vector<fs::path> lots_in(const fs::path& folder) {
    std::vector<fs::path> lots;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (fs::exists(entry.path() / "lot.json")) lots.push_back(entry.path());
    }
    std::sort(lots.begin(), lots.end());
    return lots;
}

// As many readers as cores, each with every n-th lot.
std::string read_all(const Options& options, const std::string& home, const std::vector<fs::path>& lots) {
    const unsigned jobs = std::max(1u, std::thread::hardware_concurrency());
    std::vector<std::future<std::string>> running;
    for (unsigned job = 0; job < jobs; ++job) {
        std::vector<std::string> command{options.bin + "/pleiade", "read", "--json", "--home", home};
        for (std::size_t i = job; i < lots.size(); i += jobs) command.push_back(lots[i].string());
        if (command.size() == 5) continue;
        running.push_back(std::async(std::launch::async,
                                     [command, &options] { return run(command, kPerPli * options.plis).output; }));
    }
    std::string lines;
    for (auto& one : running) lines += one.get();
    return lines;
}

}  // namespace

bool mail(const Options& options) {
    const test::TemporaryFolder temporary;
    const fs::path folder = options.keep.empty() ? temporary.path() : fs::path(options.keep);
    fmt::print("drawing {} plis of the {} half{}, seed {}\n", options.plis, options.half,
               options.stratified > 0 ? ", stratified" : "", options.seed);
    std::fflush(stdout);
    const bool own = options.home.empty() || options.home == "none";
    const cli::SampleMail sample{options.bin,        options.half, options.plis,
                                 options.stratified, options.seed, options.home != "none"};
    const auto drawn = cli::draw_mail(sample, folder);
    if (!drawn) return figure("the generator", drawn.error().code, "mail", false);
    const auto home = own ? (folder / "home").string() : options.home;
    fs::create_directories(home);
    if (options.home.empty()) {
        const auto made = cli::make_installation(sample, folder, home);
        if (!made) return figure("forms and people known", made.error().message, "all", false);
    }

    const auto started = std::chrono::steady_clock::now();
    const auto text = read_all(options, home, lots_in(folder / "mail"));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    std::ofstream(folder / "read.jsonl", std::ios::binary) << text;

    const auto truth = cli::contract_lines(content_of(folder / "mail" / "truth.jsonl"), "truth");
    const auto read = cli::contract_lines(text, "readings");
    if (!truth || !read) return figure("readings", "no lines of the contract", "readable", false);
    cli::Accuracy found;
    for (const auto& [key, line] : *truth) {
        const auto one = read->find(key);
        found.add(line, one == read->end() ? nullptr : &one->second);
    }
    cli::print_details(found);

    fmt::print("\n{} plis, {} pages, {:.0f} s on {} processes, {:.0f} CPU-ms a pli\n\n", found.plis, found.pages,
               seconds, std::thread::hardware_concurrency(), found.cpu_ms / found.plis);
    const int plis =
        options.stratified > 0 ? static_cast<int>(found.by_type.size()) * options.stratified : options.plis;
    bool good = figure("plis read", std::to_string(found.plis - found.plis_absent), std::to_string(plis),
                       found.plis_absent == 0 && found.plis == plis);
    good &= figure("types of masters drawn", std::to_string(found.by_type.size()), "some", !found.by_type.empty());
    // A share is too small a sample to hold 1 % of anything: it shows the figure, the whole run of `make accept`
    // asserts it.
    const bool whole = options.plis >= 300 && options.stratified == 0;
    good &= figure("nine masters of ten typed right", std::to_string(found.masters_typed_right),
                   fmt::format("of {}", found.masters), found.masters_typed_right * 10 >= found.masters * 9);
    good &= figure("auto documents misrouted", std::to_string(found.auto_misrouted),
                   fmt::format("1 % of {}", found.documents_auto),
                   found.documents_auto > 0 && (!whole || found.auto_misrouted * 100 <= found.documents_auto));
    good &= figure("pages lost, or twice", std::to_string(found.pages_lost + found.pages_twice), "0",
                   found.pages_lost + found.pages_twice == 0);
    good &= figure("wrong values marked valid", std::to_string(found.wrong_valid()), "0", found.wrong_valid() == 0);
    fmt::print("\n");
    for (const auto& [name, value, asked, holds] : cli::figures_of(found, options.stratified > 0)) {
        fmt::print("{:<6}{:<42}{:>38}   asked {}\n", holds ? "" : "short", name, value, asked);
    }
    return good;
}

}  // namespace pleiade::accept
