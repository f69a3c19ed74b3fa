// One service as a child process of `pleiade up`: started, watched, restarted with a growing pause, stopped.
//
// Concurrency: one thread, the supervisor's. Limits: the child dies with its parent (PR_SET_PDEATHSIG).
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "services/cli/up/restarts.h"

namespace pleiade::cli {

class Child {
  public:
    using Clock = std::chrono::steady_clock;

    // `program`: absolute path; `log_file`: where its stderr and stdout are appended.
    // `restarts`: when it is started again, and when it is left down.
    Child(std::string name, std::string program, std::vector<std::string> arguments, std::string log_file,
          Restarts restarts = Restarts());

    const std::string& name() const { return name_; }
    bool running() const { return pid_ > 0; }
    pid_t pid() const { return pid_; }
    int last_exit_code() const { return last_exit_code_; }

    void start();
    // Notes its end if it has ended. True when it ended since the last call.
    bool reap();
    void restart_when_due();
    bool given_up() const { return pid_ <= 0 && restarts_.given_up(); }
    void signal(int number) const;

  private:
    std::string name_;
    std::string program_;
    std::vector<std::string> arguments_;
    std::string log_file_;
    pid_t pid_ = -1;
    int last_exit_code_ = 0;
    Restarts restarts_;
};

}  // namespace pleiade::cli
