// Puts a whole file in the place of another: written beside it first, so that a reader that starts meanwhile finds the
// old one or the new one.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace pleiade::cli {

// Makes its folder too. Error NOT_WRITTEN (Unavailable): the old one is as it was.
Result<void> replace_file(const std::string& path, std::string_view bytes);

}  // namespace pleiade::cli
