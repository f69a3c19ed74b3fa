// Opens what a stranger named, and nothing else: a regular file of that very folder. Names are never joined into paths.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/vault/fd.h"

namespace pleiade::ingest {

using vault::Fd;

// REJ_FILE_UNSAFE_NAME for a name that is not one plain path component of at most 255 bytes.
std::optional<Error> refuse_name(std::string_view name);

// Read-only, without following links. Errors: REJ_FILE_UNSAFE_NAME (link, pipe, device, folder), REJ_FILE_MISSING,
// SOURCE_IO (Unavailable).
Result<Fd> open_regular(int folder_fd, const std::string& name);

// The folder itself; a link is refused.
Result<Fd> open_folder(const std::string& path);
Result<Fd> open_folder_at(int folder_fd, const std::string& name);

// True when some process has this file open for writing, as far as the file system can tell: it cannot on network
// file systems, nor for a file of somebody else without CAP_LEASE, where size and date must do.
bool is_being_written(int fd);

tl::unexpected<Error> source_io(std::string_view what);

}  // namespace pleiade::ingest
