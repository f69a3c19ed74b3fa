// Small files of ours (reports, plans) and moves, durable when the call returns.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace pleiade::ingest {

// All or nothing: a reader sees the old file or the whole new one. Error: RELEASE_IO (Unavailable).
Result<bool> write_durably(const std::string& folder, const std::string& name, std::string_view text);

// Never replaces; answers false when `from` is gone (an earlier life of this process moved it). Folders may take the
// place of an empty folder, which is how a name is reserved. Both parents are synced.
Result<bool> move_durably(const std::string& from, const std::string& to);

// Makes `parent`/`name`, or `name`~2, ~3... when that one is taken, and gives its path.
Result<std::string> reserve_folder(const std::string& parent, const std::string& name);

Result<bool> make_folders(const std::string& path);

}  // namespace pleiade::ingest
