#include "services/ingest/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "common/vault/posix/sync.h"
#include "services/ingest/safe_file.h"

namespace pleiade::ingest {
namespace {

tl::unexpected<Error> release_io(const std::string& what) {
    return unavailable("RELEASE_IO", what + " failed: " + std::strerror(errno) +
                                         "; inbox/, done/ and rejected/ must be writable folders of one file system");
}

std::string parent_of(const std::string& path) {
    const auto parent = std::filesystem::path(path).parent_path().string();
    return parent.empty() ? "." : parent;
}

bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

Result<bool> write_durably(const std::string& folder, const std::string& name, std::string_view text) {
    const auto draft = folder + "/." + name + ".draft";
    ::unlink(draft.c_str());  // of an earlier life, or planted there
    const Fd fd(::open(draft.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0640));
    if (!fd || !write_all(fd.get(), text)) return release_io("writing " + name);
    vault::sync_or_abort(fd.get(), name);
    if (::rename(draft.c_str(), (folder + "/" + name).c_str()) != 0) return release_io("naming " + name);
    vault::sync_folder_or_abort(folder);
    return true;
}

Result<bool> move_durably(const std::string& from, const std::string& to) {
    struct stat found {};
    if (::lstat(from.c_str(), &found) != 0) {
        if (errno == ENOENT) return false;
        return release_io("looking at a source");
    }
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
        if (errno == EEXIST) return conflict(kReleaseTaken, "something bears the name that a source was to get");
        return release_io("moving a source");
    }
    vault::sync_folder_or_abort(parent_of(to));
    vault::sync_folder_or_abort(parent_of(from));
    return true;
}

std::string free_path(const std::string& parent, const std::string& name) {
    struct stat found {};
    auto path = parent + "/" + name;
    for (int n = 2; ::lstat(path.c_str(), &found) == 0; ++n) path = parent + "/" + name + "~" + std::to_string(n);
    return path;
}

Result<bool> make_folders(const std::string& path) {
    for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
        const auto part = path.substr(0, slash);
        if (::mkdir(part.c_str(), 0750) == 0) {
            vault::sync_folder_or_abort(parent_of(part));
        } else if (errno != EEXIST) {
            return release_io("making a folder");
        }
        if (slash == std::string::npos) return true;
    }
}

}  // namespace pleiade::ingest
