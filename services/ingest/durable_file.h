// Small files of ours (reports, plans) and moves, durable when the call returns.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace pleiade::ingest {

// All or nothing: a reader sees the old file or the whole new one. Error: RELEASE_IO (Unavailable).
Result<bool> write_durably(const std::string& folder, const std::string& name, std::string_view text);

inline constexpr const char* kReleaseTaken = "RELEASE_TAKEN";

// Never replaces, not even an empty folder; answers false when `from` is gone (an earlier life of this process moved
// it). Both parents are synced. Errors: RELEASE_TAKEN (Conflict) when something bears the name `to`, RELEASE_IO.
Result<bool> move_durably(const std::string& from, const std::string& to);

// `parent`/`name`, or `name`~2, ~3... when something bears that name already. Nothing is reserved.
std::string free_path(const std::string& parent, const std::string& name);

Result<bool> make_folders(const std::string& path);

}  // namespace pleiade::ingest
