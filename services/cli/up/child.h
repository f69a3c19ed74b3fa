// One service as a child process of `pleiade up`: started, watched, restarted with a growing pause, stopped.
//
// Concurrency: one thread, the supervisor's. Limits: the child dies with its parent (PR_SET_PDEATHSIG).
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace pleiade::cli {

class Child {
  public:
    using Clock = std::chrono::steady_clock;

    // `program`: absolute path; `log_file`: where its stderr and stdout are appended.
    Child(std::string name, std::string program, std::vector<std::string> arguments, std::string log_file);

    const std::string& name() const { return name_; }
    bool running() const { return pid_ > 0; }
    pid_t pid() const { return pid_; }
    int last_exit_code() const { return last_exit_code_; }

    void start();
    // Notes its end if it has ended. True when it ended since the last call.
    bool reap();
    // Starts it again once its pause is over: 0.2 s after the first crash, doubled up to 5 s, back to the
    // first pause after 30 s of life.
    void restart_when_due();
    void signal(int number) const;

  private:
    std::string name_;
    std::string program_;
    std::vector<std::string> arguments_;
    std::string log_file_;
    pid_t pid_ = -1;
    int last_exit_code_ = 0;
    Clock::time_point started_{};
    Clock::time_point due_{};
    std::chrono::milliseconds pause_{200};
};

}  // namespace pleiade::cli
