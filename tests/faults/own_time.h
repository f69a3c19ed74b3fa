// The time of this thread without that in which it was ready and other programs had the processor: what is measured on
// a machine that others use is then the program's, not theirs. Waiting for the disk counts.
// Limits: Linux keeps the count (/proc/thread-self/schedstat); where it does not, all the time counts.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

namespace pleiade::faults {

class OwnTime {
  public:
    OwnTime() : fd_(::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)) { restart(); }
    ~OwnTime() {
        if (fd_ >= 0) ::close(fd_);
    }
    OwnTime(const OwnTime&) = delete;
    OwnTime& operator=(const OwnTime&) = delete;

    void restart() {
        began_ = std::chrono::steady_clock::now();
        waited_before_ = waited();
    }
    double seconds() const {
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - began_;
        return passed.count() - (waited() - waited_before_);
    }

  private:
    double waited() const {  // seconds; the second of three numbers of nanoseconds
        char text[96] = {};
        if (fd_ < 0 || ::pread(fd_, text, sizeof text - 1, 0) <= 0) return 0;
        char* second = nullptr;
        std::strtoull(text, &second, 10);
        return static_cast<double>(std::strtoull(second, nullptr, 10)) / 1e9;
    }

    const int fd_;
    std::chrono::steady_clock::time_point began_;
    double waited_before_ = 0;
};

}  // namespace pleiade::faults
