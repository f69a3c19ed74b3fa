#include "tests/support/hub_process.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cstring>
#include <stdexcept>
#include <vector>

#include "tests/support/temporary_folder.h"

extern char** environ;

namespace pleiade::test {

HubProcess::HubProcess(std::string home, const std::string& settings, const std::string& failpoints)
    : home_(std::move(home)) {
    write_file(home_ + "/hub.toml", "[log]\nlevel = \"warning\"\n" + settings);
    start(failpoints);
}

HubProcess::~HubProcess() {
    kill_now();
}

void HubProcess::start(const std::string& failpoints) {
    const std::string program = (programs() / "pleiade-hub").string();
    const std::string config = home_ + "/hub.toml";
    const std::vector<std::string> words = {program, "--home", home_, "--config", config};
    std::vector<char*> argv;
    for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    std::vector<char*> environment;
    for (char** variable = environ; *variable != nullptr; ++variable) environment.push_back(*variable);
    const std::string points = "PLEIADE_FAILPOINTS=" + failpoints;
    if (!failpoints.empty()) environment.push_back(const_cast<char*>(points.c_str()));
    environment.push_back(nullptr);
    const int failed = ::posix_spawn(&pid_, program.c_str(), nullptr, nullptr, argv.data(), environment.data());
    if (failed != 0) throw std::runtime_error(program + ": " + std::strerror(failed));
}

void HubProcess::kill_now() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

void HubProcess::freeze() const {
    if (pid_ > 0) ::kill(pid_, SIGSTOP);
}

void HubProcess::thaw() const {
    if (pid_ > 0) ::kill(pid_, SIGCONT);
}

bool HubProcess::ended() {
    if (pid_ <= 0 || ::waitpid(pid_, nullptr, WNOHANG) != pid_) return pid_ <= 0;
    pid_ = -1;
    return true;
}

void HubProcess::start_if_ended() {
    if (ended()) start();
}

}  // namespace pleiade::test
