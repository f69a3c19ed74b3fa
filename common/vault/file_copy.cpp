#include "common/vault/file_copy.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <string_view>
#include <vector>

#include "common/base/failpoint.h"
#include "common/base/sha256.h"

namespace pleiade::vault {
namespace {

constexpr std::size_t kChunkBytes = 256u << 10;

struct Part {
    std::uint64_t offset = 0;
    std::uint64_t size_bytes = std::numeric_limits<std::uint64_t>::max();
};

// to < 0: digest alone.
Result<Digest> run(int from, int to, const Part& part = {}) {
    Sha256 sha;
    Digest digest;
    std::vector<char> chunk(kChunkBytes);
    while (true) {
        const auto wanted = std::min<std::uint64_t>(chunk.size(), part.size_bytes - digest.size_bytes);
        const auto got = ::pread(from, chunk.data(), wanted, static_cast<off_t>(part.offset + digest.size_bytes));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return io_error("reading a file");
        if (got == 0) break;
        const std::string_view bytes(chunk.data(), static_cast<std::size_t>(got));
        sha.update(bytes);
        if (to >= 0) {
            if (const int error = PLEIADE_FAILPOINT("vault.write"); error != 0) {
                errno = error;
                return io_error("writing to the vault");
            }
            if (auto written = write_at(to, bytes, digest.size_bytes); !written) return pass_on(written);
        }
        digest.size_bytes += bytes.size();
    }
    digest.sha256 = sha.finish_hex();
    return digest;
}

}  // namespace

Result<Digest> copy_and_digest(int from, int to) {
    return run(from, to);
}
Result<Digest> digest_of(int fd) {
    return run(fd, -1);
}

Result<Digest> digest_of_part(int fd, std::uint64_t offset, std::uint64_t size_bytes) {
    return run(fd, -1, {offset, size_bytes});
}

Result<void> write_at(int fd, std::string_view bytes, std::uint64_t offset) {
    while (!bytes.empty()) {
        const auto written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return io_error("writing to the vault");
        bytes.remove_prefix(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return {};
}

tl::unexpected<Error> io_error(const std::string& what) {
    if (errno == ENOSPC || errno == EDQUOT) {
        return unavailable("VAULT_FULL", "the vault's disk is full: free some space, nothing was lost");
    }
    return unavailable("VAULT_IO", what + ": " + std::strerror(errno));
}

}  // namespace pleiade::vault
