#include "services/hub/disk_room.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "common/runtime/log.h"

namespace pleiade::hub {
namespace {

constexpr std::chrono::milliseconds kLookEvery{1'000};
// A transaction of 256 messages and the checkpoint that may come with it.
constexpr std::uint64_t kNeededBytes = 4ull << 20;
constexpr std::uint64_t kInodesMin = 64;  // the journal, its index, the lock, a key: and some

}  // namespace

bool DiskRoom::full() {
    if (clock_.monotonic() - looked_at_ >= kLookEvery) look();
    return full_;
}

std::uint64_t DiskRoom::ballast_bytes() const {
    return std::min(kBallastBytesMax, free_bytes_min_);
}

void DiskRoom::look() {
    struct statvfs disk {};
    if (::statvfs(folder_.c_str(), &disk) != 0) {
        full_ =
            errno != ENOENT;  // not made yet: the ledger will say whether it can be, and the next look how full it is
        return;
    }
    looked_at_ = clock_.monotonic();
    const auto free_bytes = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
    const bool writable = (disk.f_flag & ST_RDONLY) == 0;
    const bool inodes = disk.f_files == 0 || disk.f_favail >= kInodesMin;
    const std::uint64_t margin = full_ ? free_bytes_min_ / 8 : 0;
    const bool now_full = free_bytes < margin || free_bytes - margin < free_bytes_min_ || !writable || !inodes;
    if (now_full != full_) {
        now_full ? runtime::log_warning("the ledger's disk is nearly full: new mail waits",
                                        {{"disk.free_bytes", static_cast<std::int64_t>(free_bytes)}})
                 : runtime::log_info("the ledger's disk has room again: new mail is taken");
    }
    full_ = now_full;
    if (free_bytes_min_ > 0 && writable) keep_ballast(free_bytes);
}

void DiskRoom::keep_ballast(std::uint64_t free_bytes) {
    struct stat found {};
    const bool there = ::stat(ballast().c_str(), &found) == 0;
    if (there && free_bytes < kNeededBytes) {
        if (::unlink(ballast().c_str()) == 0) runtime::log_warning("the ballast was given up: the disk is full");
        return;
    }
    if (there || free_bytes < ballast_bytes() || (free_bytes - ballast_bytes()) / 2 < free_bytes_min_) return;
    const int fd = ::open(ballast().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return;
    const int failed = ::posix_fallocate(fd, 0, static_cast<off_t>(ballast_bytes()));
    ::close(fd);
    if (failed != 0) ::unlink(ballast().c_str());
}

}  // namespace pleiade::hub
