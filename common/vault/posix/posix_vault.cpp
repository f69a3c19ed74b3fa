// The vault on a POSIX file system. The order of calls is the promise: see ../README.md.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <mutex>
#include <set>

#include "common/base/failpoint.h"
#include "common/base/sha256.h"
#include "common/vault/file_copy.h"
#include "common/vault/layout.h"
#include "common/vault/open.h"
#include "common/vault/posix/sync.h"

namespace pleiade::vault {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0400;

// True when a test wants the next call to fail, with errno as that call would leave it.
bool pretended(int error) {
    if (error != 0) errno = error;
    return error != 0;
}

tl::unexpected<Error> unlisted(const std::error_code& error) {
    return unavailable("VAULT_IO", "listing the vault: " + error.message());
}

// A file without a name yet, in the folder where it will get one. File systems without O_TMPFILE get a hidden name,
// which a crash may leave behind: harmless, never read.
struct Draft {
    Fd fd;
    std::string name;  // empty when unnamed
    ~Draft() {
        if (!name.empty()) ::unlink(name.c_str());
    }
};

std::string hidden_name(const std::string& folder) {
    static std::atomic<unsigned> serial{0};
    return folder + "/.draft-" + std::to_string(::getpid()) + "-" + std::to_string(++serial);
}

bool open_draft(const std::string& folder, Draft& draft) {
    draft.fd = Fd(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, kFileMode));
    if (draft.fd) return true;
    if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL) return false;
    draft.name = hidden_name(folder);
    draft.fd = Fd(::open(draft.name.c_str(), O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW | O_CLOEXEC, kFileMode));
    if (!draft.fd) draft.name.clear();
    return static_cast<bool>(draft.fd);
}

bool give_name(const Draft& draft, const std::string& path) {
    if (!draft.name.empty()) return ::link(draft.name.c_str(), path.c_str()) == 0;
    const std::string self = "/proc/self/fd/" + std::to_string(draft.fd.get());
    return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

class PosixVault final : public Vault {
  public:
    explicit PosixVault(std::string folder) : folder_(std::move(folder)) {}

    Result<StoredFile> put(const PliId& pli, int source_fd, const std::string& name) override {
        const auto folder = make_pli_folder(pli);
        if (!folder) return pass_on(folder);
        Draft draft;
        if (pretended(PLEIADE_FAILPOINT("vault.open")) || !open_draft(*folder, draft))
            return io_error("opening a file in the vault");
        auto digest = copy_and_digest(source_fd, draft.fd.get());
        if (!digest) return pass_on(digest);
        sync_or_abort(draft.fd.get(), "a file of the vault");

        const auto path = *folder + "/" + digest->sha256;
        if (pretended(PLEIADE_FAILPOINT("vault.before_name")) || !give_name(draft, path)) {
            if (errno != EEXIST) return io_error("naming a file in the vault");
            if (!matches(path, *digest)) {
                if (auto healed = replace_altered(draft, *folder, path); !healed) return pass_on(healed);
            }
        }
        PLEIADE_FAILPOINT("vault.before_folder_sync");
        sync_folder_or_abort(*folder);
        PLEIADE_FAILPOINT("vault.after_put");
        if (!matches(path, *digest)) {
            return unavailable("VAULT_IO", "a file of the vault does not read back as written: check the disk");
        }
        return StoredFile{digest->sha256, digest->size_bytes, name};
    }

    Result<int> open(const PliId& pli, const std::string& sha256) const override {
        Fd fd(::open(path_of(pli, sha256).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
        if (!fd) {
            if (errno == ENOENT || errno == ENOTDIR) {
                return not_found("FILE_MISSING", "the vault does not hold the file " + sha256);
            }
            return io_error("opening a file of the vault");
        }
        const auto digest = digest_of(fd.get());
        if (!digest) return pass_on(digest);
        if (digest->sha256 != sha256) {
            return invalid("FILE_ALTERED", "the file " + sha256 + " was altered: restore it from a backup or rescan");
        }
        return fd.release();
    }

    Result<void> check(const PliId& pli, const std::string& sha256) const override {
        const auto opened = open(pli, sha256);
        if (!opened) return pass_on(opened);
        ::close(*opened);
        return {};
    }

    // The folder goes with its last file.
    Result<void> remove(const PliId& pli, const std::string& sha256) override {
        if (::unlink(path_of(pli, sha256).c_str()) != 0) {
            if (errno == ENOENT || errno == ENOTDIR) return {};
            return io_error("erasing a file of the vault");
        }
        const auto folder = folder_ + "/" + folder_of(pli);
        sync_folder_or_abort(folder);
        if (::rmdir(folder.c_str()) == 0) sync_folder_or_abort(parent_of(folder));
        return {};
    }

    Result<void> walk(int shard, const Visit& visit) const override {
        std::error_code error;
        for (fs::directory_iterator pli(folder_ + "/" + shard_name(shard), error), end; !error && pli != end;
             pli.increment(error)) {
            const auto id = pli->path().filename().string();
            if (!is_pli_id(id)) continue;
            // A folder that went meanwhile is none.
            std::error_code inner;
            for (fs::directory_iterator file(pli->path(), inner); !inner && file != end; file.increment(inner)) {
                const auto name = file->path().filename().string();
                if (is_sha256_hex(name) && !visit(PliId(id), name)) return {};
            }
            if (inner && inner != std::errc::no_such_file_or_directory) return unlisted(inner);
        }
        if (error && error != std::errc::no_such_file_or_directory) return unlisted(error);
        return {};
    }

  private:
    std::string path_of(const PliId& pli, const std::string& sha256) const {
        return folder_ + "/" + place_of(pli, sha256);
    }

    // An entry found there already may come from a process that died before it synced the folder above: the folder
    // above is synced again, once per process for the outer ones.
    Result<std::string> make_pli_folder(const PliId& pli) {
        const auto shard = folder_ + "/" + pli.str().substr(0, 2);
        const auto folder = folder_ + "/" + folder_of(pli);
        for (const auto& path : {folder_, shard, folder}) {
            if (::mkdir(path.c_str(), kFolderMode) != 0 && errno != EEXIST) return io_error("making a vault folder");
        }
        sync_folder_or_abort(shard);
        const std::scoped_lock lock(mutex_);
        if (synced_shards_.insert(shard).second) {
            sync_folder_or_abort(folder_);
            sync_folder_or_abort(parent_of(folder_));
        }
        return folder;
    }

    static std::string parent_of(const std::string& path) {
        const auto slash = path.find_last_of('/');
        if (slash == std::string::npos) return ".";
        return slash == 0 ? "/" : path.substr(0, slash);
    }

    // Re-opened and, as far as the kernel lets us, re-read from the medium.
    static bool matches(const std::string& path, const Digest& expected) {
        const Fd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
        if (!fd) return false;
        ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_DONTNEED);
        const auto found = digest_of(fd.get());
        return found && found->sha256 == expected.sha256 && found->size_bytes == expected.size_bytes;
    }

    // The name promises bytes that the medium no longer gives, and we hold them: they take its place.
    static Result<bool> replace_altered(const Draft& draft, const std::string& folder, const std::string& path) {
        const auto hidden = hidden_name(folder);
        if (!give_name(draft, hidden)) return io_error("naming a file in the vault");
        if (::rename(hidden.c_str(), path.c_str()) != 0) return io_error("replacing an altered file of the vault");
        return true;
    }

    const std::string folder_;
    std::mutex mutex_;
    std::set<std::string> synced_shards_;  // guarded by mutex_
};

}  // namespace

std::unique_ptr<Vault> open_posix_vault(const std::string& folder) {
    std::string clean = folder;
    while (clean.size() > 1 && clean.back() == '/') clean.pop_back();
    return std::make_unique<PosixVault>(clean);
}

}  // namespace pleiade::vault
