// A disk that forgets what was not synced: a SQLite VFS whose files stand in memory.
//
// Operation: while one exists it is SQLite's default VFS. `crash` is the death of the process: open handles are dead,
// what they wrote stays, as it would in the page cache. `lose_power` is a crash that also takes back what was not
// synced: all of it, all but the first writes, or any of them, the last one torn at a sector. Behaves as the unix VFS
// does otherwise (512-byte sectors, "powersafe overwrite": a torn write harms no byte outside of it).
// Concurrency: one thread. Limits: one at a time; names are durable as soon as they are given.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

struct sqlite3_vfs;

namespace pleiade::faults {

class SimDisk {
  public:
    SimDisk();
    ~SimDisk();
    SimDisk(const SimDisk&) = delete;
    SimDisk& operator=(const SimDisk&) = delete;

    void crash();
    void lose_power(std::mt19937_64& random);
    // Asked before each "write", "sync", "truncate" of the journal or of the store itself, which only a checkpoint
    // writes; not 0: the call fails with that SQLite code. It may lose the power first.
    std::function<int(const char* call, bool journal)> fault;
    std::uint64_t writes_lost() const { return writes_lost_; }

    // Not synced yet.
    struct Write {
        std::int64_t at = 0;  // the new size, when `truncates`
        std::string bytes;
        bool truncates = false;
    };
    struct Contents {
        std::string now;
        std::string synced;
        std::vector<Write> pending;
        std::vector<std::unique_ptr<char[]>> shared_memory;
        int shared_memory_users = 0;
        int shm_shared[8] = {};
        const void* shm_exclusive[8] = {};
        int readers = 0;
        const void* writer = nullptr;
    };
    std::shared_ptr<Contents> open(const std::string& name, bool create);
    bool exists(const std::string& name) const { return files_.contains(name); }
    void remove(const std::string& name) { files_.erase(name); }
    void put(const std::string& name, const std::string& bytes);  // a whole file, synced
    std::uint64_t life() const { return life_; }
    sqlite3_vfs* real() const { return real_; }

  private:
    std::map<std::string, std::shared_ptr<Contents>> files_;
    std::uint64_t life_ = 1;
    std::uint64_t writes_lost_ = 0;
    std::unique_ptr<sqlite3_vfs> vfs_;
    sqlite3_vfs* real_ = nullptr;
};

}  // namespace pleiade::faults
