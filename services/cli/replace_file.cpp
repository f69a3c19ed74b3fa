#include "services/cli/replace_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace pleiade::cli {
namespace {

void make_folder(const std::filesystem::path& folder, mode_t mode) {
    if (folder.empty()) return;
    const mode_t before = ::umask(0);
    ::umask(mode == kSecretFile ? 0077 : before);
    std::error_code failed;  // then the file cannot be written either
    std::filesystem::create_directories(folder, failed);
    ::umask(before);
}

bool write_whole(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t wrote = ::write(fd, bytes.data(), bytes.size());
        if (wrote <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return ::fsync(fd) == 0;
}

// The name is durable once its folder is.
bool sync_folder(const std::filesystem::path& folder) {
    const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return false;
    const bool synced = ::fsync(fd) == 0;
    ::close(fd);
    return synced;
}

}  // namespace

Result<void> replace_file(const std::string& path, std::string_view bytes, mode_t mode) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    make_folder(folder, mode);
    const auto beside = path + ".new";
    ::unlink(beside.c_str());
    const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    bool written = fd >= 0 && write_whole(fd, bytes);
    if (fd >= 0) ::close(fd);
    written = written && ::rename(beside.c_str(), path.c_str()) == 0;
    if (written && sync_folder(folder)) return {};
    ::unlink(beside.c_str());
    return unavailable("NOT_WRITTEN", path + " cannot be written; has its folder the rights, and its disk room?");
}

}  // namespace pleiade::cli
