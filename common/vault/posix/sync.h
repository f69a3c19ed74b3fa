// Makes bytes and names durable, or stops the process: after a failed fsync the page cache can no longer be trusted
// (Linux marks the pages clean), so going on would acknowledge what may be lost. The journal says what to redo.
#pragma once

#include <functional>
#include <string>

namespace pleiade::vault {

void sync_or_abort(int fd, const std::string& what);
void sync_folder_or_abort(const std::string& folder);

#ifdef PLEIADE_FAULTS
// Told of each file or folder that was made durable: what a power loss must leave. One test at a time.
void observe_syncs(std::function<void(int fd)> observer);
#endif

}  // namespace pleiade::vault
