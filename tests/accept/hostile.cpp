// Every hostile file is dropped in the inbox of a running system beside honest mail: each gets a coded outcome, no
// service dies, and the honest mail goes through.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <thread>

#include "tests/accept/checks.h"
#include "tests/accept/installation.h"
#include "tests/accept/process.h"

namespace pleiade::accept {
namespace fs = std::filesystem;
namespace {

constexpr int kHonestPlis = 5;

std::vector<fs::path> hostile_files(int share) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(test::shared_data() / "hostile")) {
        if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    std::vector<fs::path> chosen;
    for (std::size_t i = 0; i < files.size(); i += static_cast<std::size_t>(share)) chosen.push_back(files[i]);
    return chosen;
}

std::set<pid_t> pids_of(const std::vector<ChildProcess>& children) {
    std::set<pid_t> pids;
    for (const auto& child : children) pids.insert(child.pid);
    return pids;
}

std::map<std::string, int> rejection_codes(const fs::path& rejected) {
    std::map<std::string, int> codes;
    for (const auto& entry : fs::recursive_directory_iterator(rejected)) {
        if (entry.path().filename() != "rejection.json") continue;
        std::ifstream stream(entry.path());
        const std::string text(std::istreambuf_iterator<char>(stream), {});
        ++codes[std::string(boost::json::parse(text).at("code").as_string())];
    }
    return codes;
}

}  // namespace

bool hostile(const Options& options) {
    if (test::shared_data().empty()) {
        fmt::print("SKIPPED: the folder of real data (../shared/data) is not there\n");
        return true;
    }
    Installation system(options, "[hub]\nlease_ms = 20000\n");
    if (!system.draw_mail(kHonestPlis)) return figure("the generator", "failed", "exit 0", false);
    const auto files = hostile_files(options.share);
    system.start(2);
    if (!system.wait_until_idle(std::chrono::seconds(60))) return figure("start", "no answer", "ready", false);
    const auto before = pids_of(children_of(system.up().pid()));

    int number = 0;
    for (const auto& file : files) {
        const auto name = fmt::format("h{:04}{}", ++number, file.extension().string());
        fs::copy_file(file, system.home() / "inbox" / name);
    }
    system.drop_lots_until(1.0);
    const auto status = system.wait_until_idle(std::chrono::seconds(120 + 4 * files.size()));
    const auto after = pids_of(children_of(system.up().pid()));
    if (!status) return figure("all files settled", "no", "yes", false);

    const auto codes = rejection_codes(system.home() / "rejected");
    int rejected = 0;
    for (const auto& [code, count] : codes) {
        fmt::print("  {:>4} {}\n", count, code);
        rejected += count;
    }
    const auto settled = status->plis_received();
    fmt::print("  {} hostile files: {} rejected, {} read, {} in quarantine\n", files.size(), rejected,
               status->plis_registered() - kHonestPlis, status->plis_quarantined());
    bool good = figure("hostile files with a coded outcome", fmt::format("{}", settled - kHonestPlis),
                       fmt::format("at least {}", files.size()),
                       settled - kHonestPlis >= static_cast<std::int64_t>(files.size()));
    good &= figure("services that died", std::to_string(before == after ? 0 : 1), "0", before == after);
    good &=
        figure("rejections counted by the hub and on disk", fmt::format("{} / {}", status->plis_rejected(), rejected),
               "equal", status->plis_rejected() == rejected && rejected > 0);
    const int stopped = system.stop();
    good &= figure("graceful stop", fmt::format("exit {}", stopped), "exit 0", stopped == 0);
    const int verified = system.verify();
    good &= figure("pleiade verify", fmt::format("exit {}", verified), "exit 0", verified == 0);
    return good;
}

}  // namespace pleiade::accept
