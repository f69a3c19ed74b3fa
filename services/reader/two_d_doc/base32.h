// Base32 (RFC 4648), which 2D-Doc codes write their signature in, without padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pleiade::reader::two_d_doc {

// Nothing when a character is not of the alphabet, when the length is one that no bytes give, or when bits are left
// over: what was signed has one writing only. Padding at the end is accepted.
std::optional<std::string> base32_bytes(std::string_view text);

}  // namespace pleiade::reader::two_d_doc
