#include "services/ingest/text.h"

#include <fmt/format.h>

#include <cstdint>

#include "common/base/sha256.h"

namespace pleiade::ingest {
namespace {

// The code point at the start of `text` and its length; length 0 when the bytes are not UTF-8.
struct CodePoint {
    std::uint32_t value = 0;
    std::size_t length = 0;
};

CodePoint first_of(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t length = lead >= 0xF0 && lead < 0xF5 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
    if (length == 0 || lead >= 0xF5 || text.size() < length) return {};
    std::uint32_t value = lead & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return {};
        value = (value << 6) | (byte(i) & 0x3Fu);
    }
    const std::uint32_t smallest = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < smallest || value > 0x10FFFF || surrogate) return {};
    return {value, length};
}

bool is_plain(std::uint32_t value) {
    const bool control = value < 0x20 || (value >= 0x7F && value < 0xA0);
    const bool line_end = value == 0x2028 || value == 0x2029;
    const bool reversing = value == 0x200E || value == 0x200F || (value >= 0x202A && value <= 0x202E) ||
                           (value >= 0x2066 && value <= 0x2069);
    return !control && !line_end && !reversing;
}

template <class Visit>
void each_part(std::string_view text, const Visit& visit) {
    while (!text.empty()) {
        const auto point = first_of(text);
        const auto length = point.length == 0 ? 1 : point.length;
        visit(text.substr(0, length), point.length != 0 && is_plain(point.value));
        text.remove_prefix(length);
    }
}

}  // namespace

bool is_plain_text(std::string_view text) {
    bool all_plain = true;
    each_part(text, [&](std::string_view, bool plain) { all_plain = all_plain && plain; });
    return all_plain;
}

std::string escaped(std::string_view text) {
    std::string shown;
    each_part(text, [&](std::string_view part, bool plain) {
        if (plain) {
            shown += part;
        } else {
            for (const unsigned char byte : part) shown += fmt::format("\\x{:02X}", byte);
        }
    });
    return shown;
}

std::string folder_name(std::string_view text) {
    std::string name;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool at_an_end = i == 0 || i + 1 == text.size();
        const bool letter =
            (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
        const bool kept = letter || byte == '-' || byte == '_' || byte >= 0x80 || (byte == '.' && i > 0) ||
                          (byte == ' ' && !at_an_end);
        name += kept ? std::string(1, static_cast<char>(byte)) : fmt::format("%{:02X}", byte);
    }
    if (name.empty()) return "%";
    if (name.size() <= kFolderNameBytesMax) return name;
    auto cut = kFolderNameBytesMax - 17;
    while (cut > 0 && (static_cast<unsigned char>(name[cut]) & 0xC0) == 0x80) --cut;  // not inside a letter
    return name.substr(0, cut) + "~" + sha256_hex(text).substr(0, 16);
}

}  // namespace pleiade::ingest
