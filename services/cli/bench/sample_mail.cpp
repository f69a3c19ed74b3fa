#include "services/cli/bench/sample_mail.h"

#include <atomic>
#include <fstream>
#include <future>
#include <thread>
#include <vector>

#include "common/base/csv.h"
#include "services/cli/bench/peers.h"

namespace pleiade::cli {
namespace {

namespace fs = std::filesystem;

// As many at a time as there are cores. Whether each could be done.
bool run_all(const std::vector<std::vector<std::string>>& commands) {
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> good = !commands.empty();
    std::vector<std::future<void>> running;
    for (unsigned job = 0; job < std::max(1u, std::thread::hardware_concurrency()); ++job) {
        running.push_back(std::async(std::launch::async, [&] {
            for (auto i = next++; i < commands.size(); i = next++) {
                if (!run_quietly(commands[i])) good = false;
            }
        }));
    }
    for (auto& one : running) one.get();
    return good;
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
    std::vector<std::vector<std::string>> commands;
    std::ifstream list(blanks / "blanks.csv");
    std::string line;
    for (std::getline(list, line); std::getline(list, line);) {
        const auto cells = split(line, ';');
        if (cells.size() < 4) return unavailable("NO_INSTALLATION", "blanks.csv has a line without four columns");
        commands.push_back({pleiade, "forms", "add", (blanks / cells[0]).string(), "--type", cells[1], "--version",
                            cells[2], "--home", home});
    }
    if (!run_all(commands)) return unavailable("NO_INSTALLATION", "a blank form could not be registered");
    if (mail.with_register &&
        !run_quietly({pleiade, "beneficiaries", "import", (folder / "beneficiaries.csv").string(), "--home", home})) {
        return unavailable("NO_INSTALLATION", "the people could not be imported");
    }
    return {};
}

}  // namespace pleiade::cli
