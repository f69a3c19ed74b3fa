// Where a file stands inside a store: <first two digits of the pli's id>/<pli id>/<sha256>. The same in every adapter,
// so that a vault is moved from one to another by copying files under their names.
#pragma once

#include <string>

#include "common/domain/pli.h"

namespace pleiade::vault {

bool is_pli_id(const std::string& id);
// Of a file, without a slash in front. What is not an id or a digest is a mistake of the caller's.
std::string place_of(const PliId& pli, const std::string& sha256);
std::string folder_of(const PliId& pli);  // "01/0123..."
std::string shard_name(int shard);        // "00" to "ff"

}  // namespace pleiade::vault
