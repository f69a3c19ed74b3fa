#include "tests/faults/disk_points.h"

#include <sqlite3.h>

#include <cerrno>
#include <string_view>

#include "common/base/check.h"
#include "common/base/failpoint.h"

namespace pleiade::faults {
namespace {

struct Shim {
    sqlite3_file base;
    bool journal;
    bool store;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

sqlite3_vfs* g_real = nullptr;  // set before the first file is opened

Shim& of(sqlite3_file* file) {
    return *reinterpret_cast<Shim*>(file);
}
sqlite3_file* real(sqlite3_file* file) {
    return of(file).real();
}

int code_of(int error, int io_error) {
    return error == ENOSPC ? SQLITE_FULL : io_error;
}

int write_file(sqlite3_file* file, const void* from, int amount, sqlite3_int64 at) {
    const int error = of(file).store ? PLEIADE_FAILPOINT("disk.checkpoint_write") : 0;
    if (error != 0) return code_of(error, SQLITE_IOERR_WRITE);
    return real(file)->pMethods->xWrite(real(file), from, amount, at);
}
int sync_file(sqlite3_file* file, int flags) {
    int error = of(file).store ? PLEIADE_FAILPOINT("disk.checkpoint_sync") : 0;
    if (of(file).journal) error = PLEIADE_FAILPOINT("disk.journal_sync");
    if (error != 0) return code_of(error, SQLITE_IOERR_FSYNC);
    return real(file)->pMethods->xSync(real(file), flags);
}
int close_file(sqlite3_file* file) {
    return real(file)->pMethods->xClose(real(file));
}
int read_file(sqlite3_file* file, void* to, int amount, sqlite3_int64 at) {
    return real(file)->pMethods->xRead(real(file), to, amount, at);
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    return real(file)->pMethods->xTruncate(real(file), size);
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}
int lock_file(sqlite3_file* file, int level) {
    return real(file)->pMethods->xLock(real(file), level);
}
int unlock_file(sqlite3_file* file, int level) {
    return real(file)->pMethods->xUnlock(real(file), level);
}
int check_reserved(sqlite3_file* file, int* reserved) {
    return real(file)->pMethods->xCheckReservedLock(real(file), reserved);
}
int file_control(sqlite3_file* file, int what, void* with) {
    return real(file)->pMethods->xFileControl(real(file), what, with);
}
int sector_size(sqlite3_file* file) {
    return real(file)->pMethods->xSectorSize(real(file));
}
int characteristics(sqlite3_file* file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int shm_map(sqlite3_file* file, int region, int bytes, int extend, void volatile** place) {
    return real(file)->pMethods->xShmMap(real(file), region, bytes, extend, place);
}
int shm_lock(sqlite3_file* file, int first, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), first, count, flags);
}
void shm_barrier(sqlite3_file* file) {
    real(file)->pMethods->xShmBarrier(real(file));
}
int shm_unmap(sqlite3_file* file, int remove) {
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

const sqlite3_io_methods kMethods = {
    2,         close_file,  read_file,      write_file,   truncate_file, sync_file,       file_size,
    lock_file, unlock_file, check_reserved, file_control, sector_size,   characteristics, shm_map,
    shm_lock,  shm_barrier, shm_unmap,      nullptr,      nullptr};

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    Shim& shim = of(file);
    shim = Shim{};
    shim.store = (flags & SQLITE_OPEN_MAIN_DB) != 0 && std::string_view(name).ends_with("/ledger.sqlite");
    shim.journal = (flags & SQLITE_OPEN_WAL) != 0;
    const int code = g_real->xOpen(g_real, name, shim.real(), flags, flags_out);
    if (shim.real()->pMethods != nullptr) shim.base.pMethods = &kMethods;
    return code;
}

}  // namespace

void pass_disk_points() {
    static sqlite3_vfs shim = [] {
        g_real = sqlite3_vfs_find("unix");
        PLEIADE_CHECK(g_real != nullptr);
        sqlite3_vfs vfs = *g_real;  // all but the opening of a file is the real one's
        vfs.pNext = nullptr;
        vfs.zName = "with-points";
        vfs.szOsFile = static_cast<int>(sizeof(Shim)) + g_real->szOsFile;
        vfs.xOpen = open_file;
        return vfs;
    }();
    PLEIADE_CHECK(sqlite3_vfs_register(&shim, 1) == SQLITE_OK);
}

}  // namespace pleiade::faults
