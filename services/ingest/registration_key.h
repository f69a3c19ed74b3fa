// The name of a registration: the same lot, rank and files give the same key, hence the same pli, however often it is
// said and whoever says it (the ingest process, `pleiade submit`, either one after a crash).
#pragma once

#include <string>
#include <vector>

#include "common/domain/pli.h"

namespace pleiade::ingest {

// `rank`: 1-based place of the pli in its lot. `files`: in order; only the digests count.
std::string registration_key(const std::string& lot, int rank, const std::vector<StoredFile>& files);
PliId pli_id_of(const std::string& registration_key);
PliId pli_id_of(const std::string& lot, int rank, const std::vector<StoredFile>& files);

std::string opening_key(const std::string& lot, const std::string& content_sha256);
std::string rejection_key(const std::string& lot, const std::string& pli, const std::string& code,
                          const std::string& content_sha256);

}  // namespace pleiade::ingest
