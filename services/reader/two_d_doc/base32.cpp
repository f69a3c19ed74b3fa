#include "services/reader/two_d_doc/base32.h"

#include <cstdint>

namespace pleiade::reader::two_d_doc {

std::optional<std::string> base32_bytes(std::string_view text) {
    while (!text.empty() && text.back() == '=') text.remove_suffix(1);
    std::string bytes;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        std::uint32_t five = 0;
        if (c >= 'A' && c <= 'Z') {
            five = static_cast<std::uint32_t>(c - 'A');
        } else if (c >= '2' && c <= '7') {
            five = static_cast<std::uint32_t>(c - '2') + 26;
        } else {
            return std::nullopt;
        }
        bits = (bits << 5) | five;
        count += 5;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>((bits >> count) & 0xFF);
            bits &= (1U << count) - 1;
        }
    }
    if (count >= 5 || bits != 0) return std::nullopt;
    return bytes;
}

}  // namespace pleiade::reader::two_d_doc
