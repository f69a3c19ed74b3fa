#include "common/vault/posix/sync.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "common/base/failpoint.h"

namespace pleiade::vault {
namespace {

[[noreturn]] void stop(const std::string& what) {
    std::fprintf(stderr, "fsync of %s failed: %s; the process stops, what was not acknowledged will be redone\n",
                 what.c_str(), std::strerror(errno));
    std::abort();
}

#ifdef PLEIADE_FAULTS
std::function<void(int)>& observer() {
    static std::function<void(int)> instance;
    return instance;
}
#endif

}  // namespace

#ifdef PLEIADE_FAULTS
void observe_syncs(std::function<void(int fd)> asked) {
    observer() = std::move(asked);
}
#endif

void sync_or_abort(int fd, const std::string& what) {
    const int pretended = PLEIADE_FAILPOINT("vault.sync");
    if (pretended != 0) errno = pretended;
    if (pretended != 0 || ::fsync(fd) != 0) stop(what);
#ifdef PLEIADE_FAULTS
    if (observer()) observer()(fd);
#endif
}

void sync_folder_or_abort(const std::string& folder) {
    if (PLEIADE_PLANTED_BUG("no_folder_sync")) return;
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) stop(folder);
    sync_or_abort(fd, folder);
    ::close(fd);
}

}  // namespace pleiade::vault
