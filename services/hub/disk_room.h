// Whether the ledger's disk has room for new mail, and the ballast that keeps what is in able to end.
//
// Operation: looked at once a second. Under `free_bytes_min` new mail is refused; it is taken again, without anybody,
// once there is that much and an eighth more, so that it does not flutter. The ballast is a file that holds space while
// there is plenty: when the disk is about to be full it is given up, so that what is registered can still be read,
// routed and acknowledged; it is made again when there is room. (SQLite at a full disk refuses even an UPDATE.)
// Concurrency: one thread looks; `full` from any.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "common/base/clock.h"

namespace pleiade::hub {

class DiskRoom {
  public:
    static constexpr std::uint64_t kBallastBytesMax = 256ull << 20;

    DiskRoom(std::string folder, std::uint64_t free_bytes_min, const Clock& clock)
        : folder_(std::move(folder)), free_bytes_min_(free_bytes_min), clock_(clock) {
        look();
    }

    // At most once a second; true when new mail must wait.
    bool full();
    bool seen_full() const { return full_; }  // as last looked at

  private:
    void look();
    std::string ballast() const { return folder_ + "/ballast"; }
    std::uint64_t ballast_bytes() const;
    void keep_ballast(std::uint64_t free_bytes);

    const std::string folder_;
    const std::uint64_t free_bytes_min_;
    const Clock& clock_;
    MonotonicTime looked_at_{};
    std::atomic<bool> full_{false};
};

}  // namespace pleiade::hub
