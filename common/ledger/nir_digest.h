// Finds the mail of a person without writing who she is: a NIR's keyed digest (BLAKE2b-256 of libsodium).
//
// Reason: a NIR can be guessed digit by digit, so that a digest without a key says it to whoever tries them all. The
// key is a file of the installation; without it the digests say nothing, with another one they find nothing.
// Concurrency: any thread, once open.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace pleiade::ledger {

class NirDigest {
  public:
    // `<folder>/nir.key`, 32 bytes. `open_or_create` makes it on the first start (0600, synced). Throws
    // std::runtime_error when the file is not one of ours: a wrong key would find nothing and say so of everybody.
    static NirDigest open_or_create(const std::string& folder);
    static NirDigest open(const std::string& folder);

    // Of the 13 first characters, so that a NIR with and without its key are the same person's. Spaces, dots, lower
    // case are accepted. Empty when it is no number of a person, or its key is wrong.
    std::optional<std::string> of(std::string_view nir) const;

  private:
    static constexpr std::size_t kKeyBytes = 32;
    explicit NirDigest(const std::array<unsigned char, kKeyBytes>& key) : key_(key) {}
    std::array<unsigned char, kKeyBytes> key_;
};

}  // namespace pleiade::ledger
