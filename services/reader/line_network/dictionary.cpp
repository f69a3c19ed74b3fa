#include "services/reader/line_network/dictionary.h"

#include <algorithm>

namespace pleiade::reader::line_network {
namespace {

// Tesseract 5.3, dict/dawg.h.
constexpr std::uint64_t kLastEdge = 1, kEndsWord = 4;
constexpr int kFlagBits = 3;

constexpr std::string_view kAround = "()[]{}.,;:!?\"*/-'_=+<>|", kJoins = "-'/";

bool is_letter(unsigned char byte) {
    return byte >= 0x80 || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

// Capitals of Latin-1 begin with the byte C3 in UTF-8, and their small letters are 32 further.
std::string small(std::string_view text) {
    std::string to(text);
    for (std::size_t i = 0; i < to.size(); ++i) {
        const auto byte = static_cast<unsigned char>(to[i]);
        if (byte >= 'A' && byte <= 'Z') to[i] = static_cast<char>(byte + 32);
        const bool accented = i > 0 && static_cast<unsigned char>(to[i - 1]) == 0xC3;
        if (accented && byte >= 0x80 && byte <= 0x9E) to[i] = static_cast<char>(byte + 32);
    }
    return to;
}

}  // namespace

bool Dictionary::has(std::string_view part) const {
    std::size_t node = 0;
    while (!part.empty()) {
        std::size_t length = 1;
        while (length < part.size() && (static_cast<unsigned char>(part[length]) & 0xC0U) == 0x80U) ++length;
        const auto letter = letters.find(std::string(part.substr(0, length)));
        if (letter == letters.end()) return false;
        part.remove_prefix(length);
        const std::uint64_t mask = (std::uint64_t{1} << static_cast<unsigned>(letter_bits)) - 1;
        bool found = false;
        for (std::size_t at = node; at < edges.size(); ++at) {
            const auto edge = edges[at], flags = edge >> static_cast<unsigned>(letter_bits);
            if ((edge & mask) == letter->second) {
                if (part.empty()) {
                    if ((flags & kEndsWord) != 0) return true;
                } else {
                    node = flags >> kFlagBits;
                    found = node != 0;  // no letter leads back to the beginning
                    if (found) break;
                }
            }
            if ((flags & kLastEdge) != 0) break;
        }
        if (!found) return false;
    }
    return false;
}

bool Dictionary::knows(std::string_view word) const {
    if (edges.empty()) return false;
    const auto first = word.find_first_not_of(kAround);
    if (first == std::string_view::npos) return false;
    word = word.substr(first, word.find_last_not_of(kAround) - first + 1);
    while (!word.empty()) {
        const auto end = std::min(word.find_first_of(kJoins), word.size());
        const auto part = word.substr(0, end);
        const bool letters_only =
            std::all_of(part.begin(), part.end(), [](char c) { return is_letter(static_cast<unsigned char>(c)); });
        if (!letters_only) return false;
        if (part.size() > 1 && !has(part) && !has(small(part))) return false;
        word.remove_prefix(std::min(end + 1, word.size()));
    }
    return true;
}

}  // namespace pleiade::reader::line_network
