#include "services/cli/bench/sample_mail.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "common/base/csv.h"
#include "services/cli/bench/peers.h"

namespace pleiade::cli {
namespace {

namespace fs = std::filesystem;

struct Registration {
    std::string blank;  // its file's name
    std::vector<std::string> command;
};

// As many at a time as there are cores. The names of those that could not be registered.
std::vector<std::string> register_all(const std::vector<Registration>& registrations) {
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::vector<std::string> failed;
    std::vector<std::future<void>> running;
    for (unsigned job = 0; job < std::max(1u, std::thread::hardware_concurrency()); ++job) {
        running.push_back(std::async(std::launch::async, [&] {
            for (auto i = next++; i < registrations.size(); i = next++) {
                if (run_quietly(registrations[i].command)) continue;
                const std::lock_guard lock(mutex);
                failed.push_back(registrations[i].blank);
            }
        }));
    }
    for (auto& one : running) one.get();
    return failed;
}

}  // namespace

Result<void> draw_mail(const SampleMail& mail, const fs::path& folder) {
    std::vector<std::string> draw{mail.bin + "/pleiade-mail",
                                  "--out",
                                  (folder / "mail").string(),
                                  mail.stratified > 0 ? "--stratified" : "--plis",
                                  std::to_string(mail.stratified > 0 ? mail.stratified : mail.plis),
                                  "--seed",
                                  std::to_string(mail.seed),
                                  "--half",
                                  mail.half,
                                  "--defects",
                                  "on",
                                  "--lot-size",
                                  "10"};
    if (mail.with_register) {
        draw.insert(draw.end(), {"--beneficiaries", (folder / "beneficiaries.csv").string()});
    }
    if (run_quietly(draw)) return {};
    return unavailable("NO_SAMPLE_MAIL", "pleiade-mail is not beside this program, or failed; name lots instead");
}

Result<void> make_installation(const SampleMail& mail, const fs::path& folder, const std::string& home) {
    fs::create_directories(home);
    const auto blanks = folder / "blanks";
    if (!run_quietly(
            {mail.bin + "/pleiade-mail", "--half", mail.half, "--blanks", blanks.string(), "--editions", "1,2"})) {
        return unavailable("NO_INSTALLATION", "the blank forms could not be drawn");
    }
    const auto pleiade = mail.bin + "/pleiade";
    std::vector<Registration> registrations;
    std::ifstream list(blanks / "blanks.csv");
    std::string line;
    for (std::getline(list, line); std::getline(list, line);) {
        const auto cells = split(line, ';');
        if (cells.size() < 4) return unavailable("NO_INSTALLATION", "blanks.csv has a line without four columns");
        registrations.push_back({cells[0],
                                 {pleiade, "forms", "add", (blanks / cells[0]).string(), "--type", cells[1],
                                  "--version", cells[2], "--home", home}});
    }
    if (registrations.empty()) return unavailable("NO_INSTALLATION", "blanks.csv names no blank form");
    if (const auto failed = register_all(registrations); !failed.empty()) {
        return unavailable("NO_INSTALLATION", fmt::format("{} of {} blank forms could not be registered, {} among them",
                                                          failed.size(), registrations.size(), failed.front()));
    }
    if (mail.with_register &&
        !run_quietly({pleiade, "beneficiaries", "import", (folder / "beneficiaries.csv").string(), "--home", home})) {
        return unavailable("NO_INSTALLATION", "the people could not be imported");
    }
    return {};
}

}  // namespace pleiade::cli
