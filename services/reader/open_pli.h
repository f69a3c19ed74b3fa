// A pli's files as the reader wants them: fetched from the vault, checked against their digests, and open as long as
// they are read.
//
// Operation: `alive` is asked while they come, as `Reader::read` asks it afterwards: the lease is kept from the first
// file to the last page. Concurrency: `alive` is called by the calling thread. Errors: those of vault::local_files.
#pragma once

#include <functional>
#include <vector>

#include "common/base/result.h"
#include "common/vault/local_file.h"
#include "common/wire/messages.h"
#include "services/reader/reader.h"

namespace pleiade::reader {

struct OpenPli {
    PliFiles files;
    std::vector<vault::LocalFile> open;
};

// Of a lease, and of a pli that is looked at without one.
Result<OpenPli> open_pli(const vault::Vault& vault, const v1::Lease& lease, const std::function<bool()>& alive);
Result<OpenPli> open_pli(const vault::Vault& vault, const v1::PliView& view);

}  // namespace pleiade::reader
