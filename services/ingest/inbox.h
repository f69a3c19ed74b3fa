// What stands in inbox/, ready to be taken, in order of arrival.
//
// Operation: polled, because notifications do not cross network file systems. A lot is ready when its manifest is
// there and whole; a loose file when its size and date have not moved for `quiet`, over at least three looks, and
// nobody is known to write it. Hidden names and those of unfinished transfers (.tmp, .part, .filepart, .partial) wait.
// Concurrency: one thread. Limits: kWatchedMax sources are looked at; the others wait for their turn.
#pragma once

#include <sys/stat.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/domain/reading.h"

namespace pleiade::ingest {

struct Waiting {
    std::string path;
    bool loose_file = false;
    Caisse caisse;                // of a loose file; empty: the configured one
    std::int64_t arrived_ns = 0;  // since 1970, as the file system dates it
    bool operator<(const Waiting& other) const {
        return arrived_ns != other.arrived_ns ? arrived_ns < other.arrived_ns : path < other.path;
    }
};

struct InboxCount {
    int lots_ready = 0;
    int files_ready = 0;
    int unfinished = 0;  // without a whole manifest, still growing, or named as unfinished
};

class Inbox {
  public:
    Inbox(std::string folder, std::chrono::milliseconds quiet, const Clock& clock)
        : folder_(std::move(folder)), quiet_(quiet), clock_(clock) {}

    // Oldest first.
    std::vector<Waiting> ready();
    const InboxCount& count() const { return count_; }  // of the last look

    static constexpr std::size_t kWatchedMax = 20'000;

  private:
    struct Watch {
        std::uint64_t inode = 0;
        std::int64_t size = 0;
        std::int64_t modified_ns = 0;
        MonotonicTime since{};
        int looks = 0;
        bool whole = false;  // of a manifest
        bool seen = false;   // in this look
    };

    void look_at_folder(const std::string& path, const Caisse& caisse, int depth, std::vector<Waiting>& ready);
    void look_at_file(const std::string& path, const Caisse& caisse, std::vector<Waiting>& ready);
    bool lot_is_ready(const std::string& path, Waiting& lot);
    Watch* watch(const std::string& path, const struct stat& found);
    bool is_quiet(const Watch& watch) const;

    const std::string folder_;
    const std::chrono::milliseconds quiet_;
    const Clock& clock_;
    std::map<std::string, Watch> watched_;
    InboxCount count_;
};

}  // namespace pleiade::ingest
