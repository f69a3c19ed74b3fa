#include "services/ingest/safe_file.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "services/ingest/text.h"

namespace pleiade::ingest {
namespace {

constexpr std::size_t kNameBytesMax = 255;

tl::unexpected<Error> unsafe(std::string message) {
    return invalid("REJ_FILE_UNSAFE_NAME", std::move(message));
}

int open_beneath(int folder_fd, const std::string& name, int flags) {
    open_how how{};
    how.flags = static_cast<std::uint64_t>(flags);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    const auto fd = ::syscall(SYS_openat2, folder_fd, name.c_str(), &how, sizeof how);
    if (fd >= 0 || (errno != ENOSYS && errno != EPERM)) return static_cast<int>(fd);
    // Older kernels and some containers: the name is one component (refuse_name), so O_NOFOLLOW says the same.
    return ::openat(folder_fd, name.c_str(), flags);
}

}  // namespace

std::optional<Error> refuse_name(std::string_view name) {
    const auto refuse = [](const char* why) { return unsafe(std::string("a file's name ") + why).value(); };
    if (name.empty()) return refuse("is empty");
    if (name.size() > kNameBytesMax) return refuse("is longer than 255 bytes");
    if (name == "." || name == "..") return refuse("is a folder's");
    if (name.find('/') != std::string_view::npos || name.find('\\') != std::string_view::npos) {
        return refuse("holds a path; files stand beside lot.json");
    }
    if (!is_plain_text(name)) return refuse("holds control, reversing or non UTF-8 characters");
    return std::nullopt;
}

Result<Fd> open_regular(int folder_fd, const std::string& name) {
    if (auto refused = refuse_name(name)) return tl::unexpected(*refused);
    // Looked at before it is opened: opening a device can act on it.
    struct stat found {};
    if (::fstatat(folder_fd, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT) return invalid("REJ_FILE_MISSING", "a file that the manifest names is not there");
        return source_io("looking at a file");
    }
    if (!S_ISREG(found.st_mode)) return unsafe("a link, folder, pipe or device stands where a file was expected");
    Fd fd(open_beneath(folder_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!fd) {
        if (errno == ENOENT) return invalid("REJ_FILE_MISSING", "a file that the manifest names is not there");
        if (errno == ELOOP || errno == EXDEV) return unsafe("a link stands where a file was expected");
        return source_io("opening a file");
    }
    if (::fstat(fd.get(), &found) != 0) return source_io("looking at a file");
    if (!S_ISREG(found.st_mode)) return unsafe("a link, folder, pipe or device stands where a file was expected");
    return fd;
}

Result<Fd> open_folder(const std::string& path) {
    Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd) return source_io("opening a folder");
    return fd;
}

Result<Fd> open_folder_at(int folder_fd, const std::string& name) {
    Fd fd(::openat(folder_fd, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd) return source_io("opening a folder");
    return fd;
}

bool is_being_written(int fd) {
    if (::fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
        ::fcntl(fd, F_SETLEASE, F_UNLCK);
        return false;
    }
    return errno == EAGAIN;
}

tl::unexpected<Error> source_io(std::string_view what) {
    return unavailable("SOURCE_IO", std::string(what) + " failed: " + std::strerror(errno) +
                                        "; check the rights on inbox/, it will be tried again");
}

}  // namespace pleiade::ingest
