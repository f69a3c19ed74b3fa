#include "common/ledger/sqlite/store_guard.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <thread>

namespace pleiade::ledger {
namespace {

constexpr std::chrono::seconds kFormerHubPatience{5};

// statfs(2); WAL needs memory shared between processes, which these do not give.
bool is_network_file_system(const std::string& folder) {
    struct statfs status {};
    if (::statfs(folder.c_str(), &status) != 0) return false;
    switch (static_cast<unsigned long>(status.f_type)) {
        case 0x6969:      // NFS
        case 0xFF534D42:  // CIFS
        case 0xFE534D42:  // SMB2
        case 0x517B:      // SMB
        case 0x564C:      // NCP
        case 0x6B414653:  // AFS
        case 0x00C36400:  // Ceph
        case 0x01021997:  // 9p
            return true;
        default:
            return false;
    }
}

}  // namespace

StoreGuard::StoreGuard(const std::string& folder) {
    // The process's files are nobody else's from here on: the store, its journal, its lock.
    ::umask(0077);
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) throw std::runtime_error("cannot create the ledger's folder " + folder + ": " + failed.message());
    ::chmod(folder.c_str(), 0700);
    if (is_network_file_system(folder)) {
        throw std::runtime_error("the ledger's folder " + folder +
                                 " is on a network file system, which cannot hold it; give it a local disk");
    }
    const std::string path = folder + "/ledger.lock";
    lock_fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock_fd_ < 0) throw std::runtime_error("cannot open " + path + "; may this user write there?");
    const auto until = std::chrono::steady_clock::now() + kFormerHubPatience;
    while (::flock(lock_fd_, LOCK_EX | LOCK_NB) != 0) {
        if (std::chrono::steady_clock::now() >= until) {
            ::close(lock_fd_);
            throw std::runtime_error("LEDGER_IN_USE: another hub holds " + folder + "; stop it first");
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

StoreGuard::~StoreGuard() {
    ::close(lock_fd_);
}

std::string store_path(const std::string& folder) {
    return folder + "/ledger.sqlite";
}

}  // namespace pleiade::ledger
