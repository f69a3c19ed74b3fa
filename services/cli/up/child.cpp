#include "services/cli/up/child.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace pleiade::cli {

Child::Child(std::string name, std::string program, std::vector<std::string> arguments, std::string log_file,
             Restarts restarts)
    : name_(std::move(name)),
      program_(std::move(program)),
      arguments_(std::move(arguments)),
      log_file_(std::move(log_file)),
      restarts_(restarts) {}

void Child::start() {
    std::vector<char*> argv;
    argv.push_back(program_.data());
    for (auto& argument : arguments_) argv.push_back(argument.data());
    argv.push_back(nullptr);

    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) throw std::runtime_error("cannot start a process; is the limit of processes reached?");
    if (pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() != parent) ::_exit(0);
        ::setpgid(0, 0);  // Ctrl-C reaches the supervisor alone, which stops the others in order
        const int log = ::open(log_file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (log >= 0) {
            ::dup2(log, STDOUT_FILENO);
            ::dup2(log, STDERR_FILENO);
        }
        ::execv(program_.c_str(), argv.data());
        ::_exit(127);
    }
    pid_ = pid;
    restarts_.started(Clock::now());
}

bool Child::reap() {
    if (pid_ <= 0) return false;
    int state = 0;
    if (::waitpid(pid_, &state, WNOHANG) != pid_) return false;
    pid_ = -1;
    last_exit_code_ = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
    restarts_.ended(Clock::now());
    return true;
}

void Child::restart_when_due() {
    if (pid_ <= 0 && restarts_.due(Clock::now())) start();
}

void Child::signal(int number) const {
    if (pid_ > 0) ::kill(pid_, number);
}

}  // namespace pleiade::cli
