#include "tests/faults/sim_disk.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "common/base/check.h"

namespace pleiade::faults {
namespace {

constexpr int kSectorBytes = 512;

struct Handle {
    sqlite3_file base;
    SimDisk* disk;
    std::uint64_t life;
    int level;
    bool maps;
    bool journal;
    int shm_mask_shared;
    std::shared_ptr<SimDisk::Contents> contents;

    bool dead() const { return disk->life() != life; }
};

Handle& of(sqlite3_file* file) {
    return *reinterpret_cast<Handle*>(file);
}
int asked(Handle& handle, const char* call) {
    if (handle.dead()) return SQLITE_IOERR;
    return handle.disk->fault ? handle.disk->fault(call, handle.journal) : SQLITE_OK;
}

void lay_over(std::string& contents, const SimDisk::Write& write) {
    if (write.truncates) {
        contents.resize(static_cast<std::size_t>(write.at));
        return;
    }
    const auto at = static_cast<std::size_t>(write.at);
    if (contents.size() < at + write.bytes.size()) contents.resize(at + write.bytes.size());
    std::memcpy(contents.data() + at, write.bytes.data(), write.bytes.size());
}

int close_file(sqlite3_file* file) {
    Handle& handle = of(file);
    if (!handle.dead() && handle.contents) {
        if (handle.level > SQLITE_LOCK_NONE) --handle.contents->readers;
        if (handle.contents->writer == file) handle.contents->writer = nullptr;
    }
    handle.contents.~shared_ptr();
    return SQLITE_OK;
}

int read_file(sqlite3_file* file, void* to, int amount, sqlite3_int64 at) {
    Handle& handle = of(file);
    if (handle.dead()) return SQLITE_IOERR_READ;
    const std::string& now = handle.contents->now;
    const auto size = static_cast<sqlite3_int64>(now.size());
    const auto got = std::clamp<sqlite3_int64>(size - at, 0, amount);
    if (got > 0) std::memcpy(to, now.data() + at, static_cast<std::size_t>(got));
    if (got == amount) return SQLITE_OK;
    std::memset(static_cast<char*>(to) + got, 0, static_cast<std::size_t>(amount - got));
    return SQLITE_IOERR_SHORT_READ;
}

int change(Handle& handle, SimDisk::Write write) {
    lay_over(handle.contents->now, write);
    handle.contents->pending.push_back(std::move(write));
    return SQLITE_OK;
}

int write_file(sqlite3_file* file, const void* from, int amount, sqlite3_int64 at) {
    Handle& handle = of(file);
    if (const int code = asked(handle, "write"); code != SQLITE_OK) return code;
    return change(handle, {at, std::string(static_cast<const char*>(from), static_cast<std::size_t>(amount)), false});
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    Handle& handle = of(file);
    if (const int code = asked(handle, "truncate"); code != SQLITE_OK) return code;
    return change(handle, {size, "", true});
}

int sync_file(sqlite3_file* file, int) {
    Handle& handle = of(file);
    if (const int code = asked(handle, "sync"); code != SQLITE_OK) return code;
    for (const auto& write : handle.contents->pending) lay_over(handle.contents->synced, write);
    handle.contents->pending.clear();
    return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(of(file).contents->now.size());
    return of(file).dead() ? SQLITE_IOERR : SQLITE_OK;
}

// The levels of unix locks, for connections of one process.
int lock_file(sqlite3_file* file, int level) {
    Handle& handle = of(file);
    if (handle.dead()) return SQLITE_IOERR;
    SimDisk::Contents& contents = *handle.contents;
    if (level <= handle.level) return SQLITE_OK;
    if (contents.writer != nullptr && contents.writer != file) return SQLITE_BUSY;
    if (handle.level == SQLITE_LOCK_NONE) ++contents.readers;
    handle.level = SQLITE_LOCK_SHARED;
    if (level == SQLITE_LOCK_EXCLUSIVE && contents.readers > 1) return SQLITE_BUSY;
    if (level > SQLITE_LOCK_SHARED) contents.writer = file;
    handle.level = level;
    return SQLITE_OK;
}

int unlock_file(sqlite3_file* file, int level) {
    Handle& handle = of(file);
    if (handle.dead() || level >= handle.level) return SQLITE_OK;
    if (handle.contents->writer == file) handle.contents->writer = nullptr;
    if (level == SQLITE_LOCK_NONE) --handle.contents->readers;
    handle.level = level;
    return SQLITE_OK;
}

int check_reserved(sqlite3_file* file, int* reserved) {
    *reserved = of(file).contents->writer != nullptr ? 1 : 0;
    return SQLITE_OK;
}
int file_control(sqlite3_file*, int, void*) {
    return SQLITE_NOTFOUND;
}
int sector_size(sqlite3_file*) {
    return kSectorBytes;
}
int characteristics(sqlite3_file*) {
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int shm_map(sqlite3_file* file, int region, int bytes, int extend, void volatile** place) {
    Handle& handle = of(file);
    if (handle.dead()) return SQLITE_IOERR;
    SimDisk::Contents& contents = *handle.contents;
    if (!handle.maps) ++contents.shared_memory_users;
    handle.maps = true;
    auto& regions = contents.shared_memory;
    *place = nullptr;
    const auto wanted = static_cast<std::size_t>(region) + 1;
    if (regions.size() < wanted && extend == 0) return SQLITE_OK;
    while (regions.size() < wanted) regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(bytes)));
    *place = regions[static_cast<std::size_t>(region)].get();
    return SQLITE_OK;
}

int shm_lock(sqlite3_file* file, int first, int count, int flags) {
    Handle& handle = of(file);
    if (handle.dead()) return SQLITE_IOERR;
    SimDisk::Contents& contents = *handle.contents;
    const bool shared = (flags & SQLITE_SHM_SHARED) != 0;
    for (int i = first; i < first + count; ++i) {
        const bool mine = (handle.shm_mask_shared & (1 << i)) != 0;
        if ((flags & SQLITE_SHM_UNLOCK) != 0) {
            if (shared && mine) {
                --contents.shm_shared[i];
                handle.shm_mask_shared &= ~(1 << i);
            }
            if (!shared && contents.shm_exclusive[i] == file) contents.shm_exclusive[i] = nullptr;
            continue;
        }
        const bool other_writes = contents.shm_exclusive[i] != nullptr && contents.shm_exclusive[i] != file;
        if (other_writes || (!shared && contents.shm_shared[i] > (mine ? 1 : 0))) return SQLITE_BUSY;
    }
    if ((flags & SQLITE_SHM_UNLOCK) != 0) return SQLITE_OK;
    for (int i = first; i < first + count; ++i) {
        if (!shared) contents.shm_exclusive[i] = file;
        if (!shared || (handle.shm_mask_shared & (1 << i)) != 0) continue;
        ++contents.shm_shared[i];
        handle.shm_mask_shared |= 1 << i;
    }
    return SQLITE_OK;
}

void shm_barrier(sqlite3_file*) {}

int shm_unmap(sqlite3_file* file, int) {
    Handle& handle = of(file);
    if (handle.dead() || !handle.maps) return SQLITE_OK;
    handle.maps = false;
    if (--handle.contents->shared_memory_users == 0) handle.contents->shared_memory.clear();
    return SQLITE_OK;
}

const sqlite3_io_methods kMethods = {
    2,         close_file,  read_file,      write_file,   truncate_file, sync_file,       file_size,
    lock_file, unlock_file, check_reserved, file_control, sector_size,   characteristics, shm_map,
    shm_lock,  shm_barrier, shm_unmap,      nullptr,      nullptr};

SimDisk& disk_of(sqlite3_vfs* vfs) {
    return *static_cast<SimDisk*>(vfs->pAppData);
}

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    Handle& handle = *new (file) Handle{};
    handle.disk = &disk_of(vfs);
    handle.life = handle.disk->life();
    handle.journal = name != nullptr && std::string_view(name).ends_with("-wal");
    handle.contents = name == nullptr ? std::make_shared<SimDisk::Contents>()
                                      : handle.disk->open(name, (flags & SQLITE_OPEN_CREATE) != 0);
    if (!handle.contents) return SQLITE_CANTOPEN;
    handle.base.pMethods = &kMethods;
    if (flags_out != nullptr) *flags_out = flags;
    return SQLITE_OK;
}
int delete_file(sqlite3_vfs* vfs, const char* name, int) {
    disk_of(vfs).remove(name);
    return SQLITE_OK;
}
int access_file(sqlite3_vfs* vfs, const char* name, int, int* there) {
    *there = disk_of(vfs).exists(name) ? 1 : 0;
    return SQLITE_OK;
}
int full_path(sqlite3_vfs*, const char* name, int size, char* full) {
    sqlite3_snprintf(size, full, "%s", name);
    return SQLITE_OK;
}

}  // namespace

SimDisk::SimDisk() : vfs_(std::make_unique<sqlite3_vfs>()), real_(sqlite3_vfs_find("unix")) {
    *vfs_ = *real_;
    vfs_->pNext = nullptr;
    vfs_->zName = "simulated";
    vfs_->szOsFile = sizeof(Handle);
    vfs_->pAppData = this;
    vfs_->xOpen = open_file;
    vfs_->xDelete = delete_file;
    vfs_->xAccess = access_file;
    vfs_->xFullPathname = full_path;
    PLEIADE_CHECK(sqlite3_vfs_register(vfs_.get(), 1) == SQLITE_OK);
}

SimDisk::~SimDisk() {
    sqlite3_vfs_unregister(vfs_.get());
    sqlite3_vfs_register(real_, 1);
}

std::shared_ptr<SimDisk::Contents> SimDisk::open(const std::string& name, bool create) {
    const auto found = files_.find(name);
    if (found != files_.end()) return found->second;
    if (!create) return nullptr;
    return files_[name] = std::make_shared<Contents>();
}

void SimDisk::put(const std::string& name, const std::string& bytes) {
    const auto file = open(name, true);
    file->now = bytes;
    file->synced = bytes;
}

void SimDisk::crash() {
    ++life_;
    // Dead handles keep the old object, whose bytes nobody reads any more.
    for (auto& [name, file] : files_) {
        auto fresh = std::make_shared<Contents>();
        fresh->now = std::move(file->now);
        fresh->synced = std::move(file->synced);
        fresh->pending = std::move(file->pending);
        file = std::move(fresh);
    }
}

void SimDisk::lose_power(std::mt19937_64& random) {
    crash();
    for (auto& [name, file] : files_) {
        const auto manner = random() % 3;  // none is kept, the first ones, any of them
        auto kept_first = file->pending.empty() ? 0 : random() % file->pending.size();
        file->now = file->synced;
        for (auto& write : file->pending) {
            const bool last_of_first = manner == 1 && kept_first == 0;
            const bool kept = manner == 2 ? random() % 2 == 0 : manner == 1 && kept_first > 0;
            if (kept_first > 0) --kept_first;
            const bool torn = !write.truncates && (last_of_first || (manner == 2 && random() % 4 == 0));
            if (torn) {
                const auto sectors = static_cast<std::uint64_t>(write.bytes.size()) / kSectorBytes;
                write.bytes.resize(sectors == 0 ? 0 : (random() % sectors) * kSectorBytes);
            }
            if (kept || torn) lay_over(file->now, write);
            if (!kept) ++writes_lost_;
            if (last_of_first) break;
        }
        file->pending.clear();
        file->synced = file->now;
    }
}

}  // namespace pleiade::faults
