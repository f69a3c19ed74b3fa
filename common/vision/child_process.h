// One disposable child: started with two descriptors and nothing else of ours, waited for, killed when its time is
// over.
//
// Concurrency: thread-safe, and safe in a program with many threads (posix_spawn, pidfd). The calling program must not
// ignore SIGCHLD, or its children could not be told apart.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "common/base/result.h"

namespace pleiade::vision {

class FileDescriptor {
  public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd) : fd_(fd) {}
    ~FileDescriptor();
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept;
    int get() const { return fd_; }
    bool valid() const { return fd_ >= 0; }

  private:
    int fd_ = -1;
};

struct ChildEnd {
    bool timed_out = false;  // and killed for it
    int exit_code = -1;      // when it ended by itself
    int signal = 0;          // when a signal ended it
    double cpu_ms = 0;
    std::size_t memory_peak_bytes = 0;
};

struct ChildPlan {
    std::string program;
    std::vector<std::string> arguments;            // without the program's name
    std::vector<std::pair<int, int>> descriptors;  // ours -> its; 0, 1 and 2 are /dev/null unless named here
    std::chrono::milliseconds wall{30'000};
};

// Error: DECODER_UNAVAILABLE when it could not be started.
Result<ChildEnd> run_child(const ChildPlan& plan);

// An anonymous file in memory, closed on exec.
Result<FileDescriptor> make_memory_file(const char* name);

}  // namespace pleiade::vision
