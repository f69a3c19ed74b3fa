#include "common/vault/cache/local_cache.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <vector>

#include "common/base/check.h"
#include "common/base/sha256.h"
#include "common/vault/fd.h"
#include "common/vault/file_copy.h"
#include "common/vault/layout.h"

namespace pleiade::vault {
namespace {

namespace fs = std::filesystem;

std::string through(int fd) {
    return "/proc/self/fd/" + std::to_string(fd);
}

// The descriptor that a caller gets cannot write what was checked.
Result<int> read_only(const Fd& fd) {
    Fd reading(::open(through(fd.get()).c_str(), O_RDONLY | O_CLOEXEC));
    if (!reading) return io_error("opening a file fetched from the vault");
    return reading.release();
}

Result<Fd> fetched_into(Fd draft, const std::string& sha256, const LocalCache::Fetch& fetch) {
    if (!draft) return io_error("opening a file to fetch into");
    if (auto written = fetch(draft.get()); !written) return pass_on(written);
    const auto digest = digest_of(draft.get());
    if (!digest) return pass_on(digest);
    if (digest->sha256 != sha256) {
        return invalid("FILE_ALTERED", "the file " + sha256 + " was altered: restore it from a backup or rescan");
    }
    return draft;
}

struct Copy {
    std::string path;
    std::uint64_t size_bytes;
    std::time_t asked_for;  // st_atime, set by hand: the file system may not keep it
    std::time_t fetched;    // st_mtime
};

std::vector<Copy> copies_in(const std::string& folder) {
    std::vector<Copy> copies;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        struct stat found {};
        if (::lstat(it->path().c_str(), &found) != 0 || !S_ISREG(found.st_mode)) continue;
        copies.push_back(
            {it->path().string(), static_cast<std::uint64_t>(found.st_size), found.st_atime, found.st_mtime});
    }
    return copies;
}

}  // namespace

std::string LocalCache::path_of(const PliId& pli, const std::string& sha256) const {
    PLEIADE_CHECK(is_pli_id(pli.str()) && is_sha256_hex(sha256));
    return options_.folder + "/" + pli.str() + "-" + sha256;
}

Result<int> LocalCache::open(const PliId& pli, const std::string& sha256, const Fetch& fetch) const {
    const auto path = path_of(pli, sha256);
    if (auto found = known(path, sha256)) return found;
    if (options_.bytes_max > 0) {
        ::mkdir(options_.folder.c_str(), 0700);
        if (Fd draft(::open(options_.folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0400)); draft) {
            auto copied = fetched_into(std::move(draft), sha256, fetch);
            if (copied) {
                keep(copied->get(), path);
                return read_only(*copied);
            }
            if (copied.error().code != "VAULT_FULL") return pass_on(copied);
        }
    }
    const auto held = fetched_into(Fd(::memfd_create("vault-file", MFD_CLOEXEC)), sha256, fetch);
    if (!held) return pass_on(held);
    return read_only(*held);
}

void LocalCache::forget(const PliId& pli, const std::string& sha256) const {
    ::unlink(path_of(pli, sha256).c_str());
}

Result<int> LocalCache::known(const std::string& path, const std::string& sha256) const {
    Fd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd) return not_found("FILE_MISSING", "no copy here");
    struct stat found {};
    const bool fresh =
        ::fstat(fd.get(), &found) == 0 && std::time(nullptr) - found.st_mtime <= options_.age_max.count();
    const auto digest = digest_of(fd.get());
    if (!fresh || !digest || digest->sha256 != sha256) {
        ::unlink(path.c_str());
        return not_found("FILE_MISSING", "the copy here is none any more");
    }
    const timespec times[2] = {{0, UTIME_NOW}, {0, UTIME_OMIT}};
    ::futimens(fd.get(), times);
    return fd.release();
}

void LocalCache::keep(int fd, const std::string& path) const {
    struct stat found {};
    if (::fstat(fd, &found) != 0) return;
    make_room(static_cast<std::uint64_t>(found.st_size));
    ::linkat(AT_FDCWD, through(fd).c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW);
}

void LocalCache::make_room(std::uint64_t bytes) const {
    const std::scoped_lock lock(mutex_);
    auto copies = copies_in(options_.folder);
    std::ranges::sort(copies, {}, &Copy::asked_for);
    for (const auto& copy : copies) bytes += copy.size_bytes;
    const auto oldest = std::time(nullptr) - options_.age_max.count();
    for (const auto& copy : copies) {
        if (bytes <= options_.bytes_max && copy.fetched >= oldest) continue;
        ::unlink(copy.path.c_str());
        bytes -= copy.size_bytes;
    }
}

}  // namespace pleiade::vault
