// The programs under test, started as a user would start them.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace pleiade::accept {

struct Finished {
    int exit_code = 0;
    std::string output;  // stdout
};

// Runs to its end; stderr goes to ours. `seconds` bounds it: it is killed then, and the exit code is -1.
Finished run(const std::vector<std::string>& command, std::chrono::seconds limit);

// A process that goes on until it is stopped or this object ends.
class Background {
  public:
    Background(std::vector<std::string> command, std::string log_file);
    ~Background();
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;

    pid_t pid() const { return pid_; }
    bool running();
    void signal(int number) const;
    // SIGTERM, then its exit code (128 + signal when it was killed).
    int stop(std::chrono::seconds grace);
    void start();

  private:
    std::vector<std::string> command_;
    std::string log_file_;
    pid_t pid_ = -1;
    int exit_code_ = 0;
};

// The live children of a process and their program names.
struct ChildProcess {
    pid_t pid = 0;
    std::string name;
};
std::vector<ChildProcess> children_of(pid_t parent);

}  // namespace pleiade::accept
