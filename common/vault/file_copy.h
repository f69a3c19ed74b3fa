// Byte work of the adapters: copies and hashes by descriptor, at explicit offsets, in bounded memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/vault/fd.h"

namespace pleiade::vault {

struct Digest {
    std::string sha256;
    std::uint64_t size_bytes = 0;
};

// From offset 0 to the end, whatever the descriptors' positions. Errors: VAULT_FULL, VAULT_IO (Unavailable).
Result<Digest> copy_and_digest(int from, int to);
Result<Digest> digest_of(int fd);
// Of these bytes alone, or of those that are there.
Result<Digest> digest_of_part(int fd, std::uint64_t offset, std::uint64_t size_bytes);

// All of the bytes, at the offset. Errors: VAULT_FULL, VAULT_IO.
Result<void> write_at(int fd, std::string_view bytes, std::uint64_t offset);

// The Error for errno after a failed call on `what`.
tl::unexpected<Error> io_error(const std::string& what);

}  // namespace pleiade::vault
