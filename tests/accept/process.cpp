#include "tests/accept/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace pleiade::accept {
namespace {

using Clock = std::chrono::steady_clock;

pid_t spawn(const std::vector<std::string>& command, int standard_output, int standard_error) {
    std::vector<std::string> words = command;
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const pid_t pid = ::fork();
    if (pid < 0) throw std::runtime_error("cannot fork");
    if (pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (standard_output >= 0) ::dup2(standard_output, STDOUT_FILENO);
        if (standard_error >= 0) ::dup2(standard_error, STDERR_FILENO);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    return pid;
}

int code_of(int state) {
    return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}

}  // namespace

Finished run(const std::vector<std::string>& command, std::chrono::seconds limit) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("cannot open a pipe");
    const pid_t pid = spawn(command, pipe[1], -1);
    ::close(pipe[1]);
    const auto deadline = Clock::now() + limit;
    Finished finished;
    std::array<char, 65536> buffer{};
    bool late = false;
    while (true) {
        pollfd waiting{pipe[0], POLLIN, 0};
        ::poll(&waiting, 1, 500);
        if (Clock::now() > deadline && !late) {
            ::kill(pid, SIGKILL);
            late = true;
        }
        if ((waiting.revents & (POLLIN | POLLHUP)) == 0) continue;
        const auto count = ::read(pipe[0], buffer.data(), buffer.size());
        if (count <= 0) break;
        finished.output.append(buffer.data(), static_cast<std::size_t>(count));
    }
    ::close(pipe[0]);
    int state = 0;
    ::waitpid(pid, &state, 0);
    finished.exit_code = late ? -1 : code_of(state);
    return finished;
}

Background::Background(std::vector<std::string> command, std::string log_file)
    : command_(std::move(command)), log_file_(std::move(log_file)) {
    start();
}

void Background::start() {
    const int log = ::open(log_file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    pid_ = spawn(command_, log, log);
    ::close(log);
}

Background::~Background() {
    if (running()) stop(std::chrono::seconds(15));
}

bool Background::running() {
    if (pid_ <= 0) return false;
    int state = 0;
    if (::waitpid(pid_, &state, WNOHANG) != pid_) return true;
    exit_code_ = code_of(state);
    pid_ = -1;
    return false;
}

void Background::signal(int number) const {
    if (pid_ > 0) ::kill(pid_, number);
}

int Background::stop(std::chrono::seconds grace) {
    signal(SIGTERM);
    const auto deadline = Clock::now() + grace;
    while (running()) {
        if (Clock::now() > deadline) signal(SIGKILL);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return exit_code_;
}

std::vector<ChildProcess> children_of(pid_t parent) {
    std::vector<ChildProcess> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const auto name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        std::ifstream stat(entry.path() / "stat");
        std::string line;
        if (!std::getline(stat, line)) continue;
        // pid (comm) state ppid ...; comm may hold spaces
        const auto open = line.find('(');
        const auto close = line.rfind(')');
        if (open == std::string::npos || close == std::string::npos) continue;
        std::istringstream rest(line.substr(close + 2));
        char state = 0;
        pid_t ppid = 0;
        rest >> state >> ppid;
        if (ppid == parent && state != 'Z') {
            found.push_back({static_cast<pid_t>(std::stol(name)), line.substr(open + 1, close - open - 1)});
        }
    }
    return found;
}

}  // namespace pleiade::accept
