#include "common/domain/identifiers/rib.h"

#include "common/domain/identifiers/checksum.h"

namespace pleiade {
namespace {

constexpr std::size_t kLength = 23;

// A and J count for 1, B, K and S for 2 ... I, R and Z for 9.
char digit_for(char c) {
    if (c >= 'A' && c <= 'I') return static_cast<char>('1' + (c - 'A'));
    if (c >= 'J' && c <= 'R') return static_cast<char>('1' + (c - 'J'));
    if (c >= 'S' && c <= 'Z') return static_cast<char>('2' + (c - 'S'));
    return c;
}

}  // namespace

std::optional<Parsed> parse_rib(std::string_view text) {
    const auto rib = compact(text);
    if (rib.size() != kLength) return std::nullopt;
    const auto whole = std::string_view(rib);
    std::string account;
    for (const char c : whole.substr(10, 11)) account += digit_for(c);
    const auto bank = whole.substr(0, 5);
    const auto branch = whole.substr(5, 5);
    const auto key = whole.substr(21);
    if (!all_digits(bank) || !all_digits(branch) || !all_digits(account) || !all_digits(key)) return std::nullopt;
    const unsigned sum = 89 * remainder_of(bank, 97) + 15 * remainder_of(branch, 97) + 3 * remainder_of(account, 97);
    const unsigned expected = 97 - sum % 97;
    const bool holds = remainder_of(key, 100) == expected;
    return Parsed{rib, holds ? FieldStatus::Valid : FieldStatus::Invalid};
}

std::string iban_of_rib(std::string_view text) {
    const auto parsed = parse_rib(text);
    if (!parsed) return "";
    std::string digits;
    for (const char c : parsed->value + "FR00") {
        if (c >= 'A' && c <= 'Z') {
            digits += std::to_string(c - 'A' + 10);
        } else {
            digits += c;
        }
    }
    const unsigned key = 98 - remainder_of(digits, 97);
    return "FR" + std::string{static_cast<char>('0' + key / 10), static_cast<char>('0' + key % 10)} + parsed->value;
}

}  // namespace pleiade
