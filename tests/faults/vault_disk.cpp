#include "tests/faults/vault_disk.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <vector>

#include "common/vault/posix/sync.h"

namespace pleiade::faults {
namespace {

namespace fs = std::filesystem;

std::set<std::pair<std::string, std::uint64_t>> entries_of(const std::string& folder) {
    std::set<std::pair<std::string, std::uint64_t>> entries;
    for (const auto& entry : fs::directory_iterator(folder)) {
        struct stat found {};
        if (::lstat(entry.path().c_str(), &found) == 0) entries.emplace(entry.path().filename().string(), found.st_ino);
    }
    return entries;
}

}  // namespace

VaultDisk::VaultDisk(std::string folder) : folder_(std::move(folder)) {
    vault::observe_syncs([this](int fd) { synced(fd); });
}
VaultDisk::~VaultDisk() {
    vault::observe_syncs({});
}

void VaultDisk::synced(int fd) {
    struct stat found {};
    if (::fstat(fd, &found) != 0) return;
    if (!S_ISDIR(found.st_mode)) {
        files_.insert(found.st_ino);
        return;
    }
    std::error_code error;
    const auto path = fs::read_symlink("/proc/self/fd/" + std::to_string(fd), error);
    if (!error) names_[found.st_ino] = entries_of(path.string());
}

void VaultDisk::lose_power(std::mt19937_64& random) {
    if (fs::exists(folder_)) walk(folder_, random);
}

void VaultDisk::walk(const std::string& folder, std::mt19937_64& random) {
    struct stat here {};
    if (::lstat(folder.c_str(), &here) != 0) return;
    const auto& durable = names_[here.st_ino];
    for (const auto& [name, inode] : entries_of(folder)) {
        const std::string path = folder + "/" + name;
        if (!durable.contains({name, inode}) && random() % 4 != 0) {
            fs::remove_all(path);
            ++lost_;
            continue;
        }
        if (fs::is_directory(path)) {
            walk(path, random);
        } else if (!files_.contains(inode)) {
            ::chmod(path.c_str(), 0600);
            const auto size = fs::file_size(path);
            fs::resize_file(path, size == 0 ? 0 : random() % size);
            if (random() % 2 == 0) fs::resize_file(path, size);  // zeroes in place of what was lost
            ++lost_;
        }
    }
}

}  // namespace pleiade::faults
