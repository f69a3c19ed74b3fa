// Keeps one lease alive from inside the work that it covers. Private to this folder.
//
// Operation: see TaskContext in worker.h. Time counts from the sending of the message that was answered, not from its
// answer: the hub's own clock of this lease cannot have started earlier.
// Concurrency: the worker's thread.
#pragma once

#include <chrono>
#include <string>

#include "common/bus/link.h"
#include "common/bus/worker.h"

namespace pleiade::bus {

class LeaseKeeper final : public TaskContext {
  public:
    LeaseKeeper(Link& link, std::string task_id, std::uint64_t fence, std::chrono::milliseconds lease,
                std::chrono::steady_clock::time_point asked_at);

    bool alive() override;
    bool lost() const { return lost_; }

  private:
    void say_renew(std::chrono::steady_clock::time_point now);
    void read_answers();

    Link& link_;
    const std::string task_id_;
    const std::uint64_t fence_;
    const std::chrono::milliseconds lease_;
    std::chrono::steady_clock::time_point held_since_;
    std::chrono::steady_clock::time_point looked_at_;
    std::chrono::steady_clock::time_point said_at_{};
    std::string request_id_;  // of the renewal under way, empty when none is
    bool lost_ = false;
};

}  // namespace pleiade::bus
