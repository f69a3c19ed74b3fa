// Puts a whole file in the place of another: written beside it and synced first, so that a reader that starts
// meanwhile, or a power loss, finds the old one or the new one.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace pleiade::cli {

inline constexpr mode_t kSecretFile = 0600;

// Makes its folder too. `mode`: what others may do with it, less the umask; of a secret, its new folder is 0700.
// Error NOT_WRITTEN (Unavailable): the old one is as it was.
Result<void> replace_file(const std::string& path, std::string_view bytes, mode_t mode = 0666);

}  // namespace pleiade::cli
