// Passes values from one thread to another that sleeps in poll(): an eventfd becomes readable with each value.
// Concurrency: any number of threads put, one drains.
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "common/base/check.h"

namespace pleiade::hub {

template <class Value>
class Mailbox {
  public:
    Mailbox() : fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) { PLEIADE_CHECK(fd_ >= 0); }
    ~Mailbox() { ::close(fd_); }
    Mailbox(const Mailbox&) = delete;
    Mailbox& operator=(const Mailbox&) = delete;

    int fd() const { return fd_; }

    void put(Value value) {
        {
            const std::lock_guard lock(mutex_);
            values_.push_back(std::move(value));
        }
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);
    }

    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return values_.size();
    }

    std::vector<Value> drain() {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto got = ::read(fd_, &count, sizeof count);
        const std::lock_guard lock(mutex_);
        return std::exchange(values_, {});
    }

  private:
    const int fd_;
    mutable std::mutex mutex_;
    std::vector<Value> values_;
};

}  // namespace pleiade::hub
