// What a power loss leaves of a vault: bytes and names that were synced, and chance decides of the others.
//
// Operation: while one exists it is told of each sync of the vault's code. `lose_power` takes away names whose folder
// was not synced since they were given, and the bytes of files that were not: cut, zeroed or torn.
// Concurrency: one thread; one at a time.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>

namespace pleiade::faults {

class VaultDisk {
  public:
    explicit VaultDisk(std::string folder);
    ~VaultDisk();
    VaultDisk(const VaultDisk&) = delete;
    VaultDisk& operator=(const VaultDisk&) = delete;

    void lose_power(std::mt19937_64& random);
    std::uint64_t lost() const { return lost_; }

  private:
    void synced(int fd);
    void walk(const std::string& folder, std::mt19937_64& random);

    const std::string folder_;
    std::set<std::uint64_t> files_;                                                   // inodes
    std::map<std::uint64_t, std::set<std::pair<std::string, std::uint64_t>>> names_;  // of a folder's inode
    std::uint64_t lost_ = 0;
};

}  // namespace pleiade::faults
