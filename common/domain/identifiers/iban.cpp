#include "common/domain/identifiers/iban.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/domain/identifiers/checksum.h"
#include "common/domain/identifiers/rib.h"

namespace pleiade {
namespace {

// The SEPA area: where the Assurance Maladie can pay by transfer.
constexpr std::array<std::pair<std::string_view, int>, 39> kLengths = {
    {{"AD", 24}, {"AL", 28}, {"AT", 20}, {"BE", 16}, {"BG", 22}, {"CH", 21}, {"CY", 28}, {"CZ", 24},
     {"DE", 22}, {"DK", 18}, {"EE", 20}, {"ES", 24}, {"FI", 18}, {"FR", 27}, {"GB", 22}, {"GI", 23},
     {"GR", 27}, {"HR", 21}, {"HU", 28}, {"IE", 22}, {"IS", 26}, {"IT", 27}, {"LI", 21}, {"LT", 20},
     {"LU", 20}, {"LV", 21}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19}, {"MT", 31}, {"NL", 18},
     {"NO", 15}, {"PL", 28}, {"PT", 25}, {"RO", 24}, {"SE", 24}, {"SI", 19}, {"SK", 24}}};
constexpr int kShortest = 15;
constexpr int kLongest = 34;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return c >= 'A' && c <= 'Z';
}

bool modulo_97_holds(std::string_view iban) {
    std::string digits;
    const auto add = [&digits](char c) {
        if (is_digit(c)) {
            digits += c;
        } else {
            digits += std::to_string(c - 'A' + 10);
        }
    };
    for (const char c : iban.substr(4)) add(c);
    for (const char c : iban.substr(0, 4)) add(c);
    return remainder_of(digits, 97) == 1;
}

}  // namespace

int iban_length(std::string_view country) {
    for (const auto& [code, length] : kLengths) {
        if (code == country) return length;
    }
    return 0;
}

std::optional<Parsed> parse_iban(std::string_view text) {
    const auto iban = compact(text);
    const auto size = static_cast<int>(iban.size());
    if (size < kShortest || size > kLongest) return std::nullopt;
    if (!is_letter(iban[0]) || !is_letter(iban[1]) || !is_digit(iban[2]) || !is_digit(iban[3])) return std::nullopt;
    if (!std::all_of(iban.begin(), iban.end(), [](char c) { return is_digit(c) || is_letter(c); })) return std::nullopt;
    const std::string_view country = std::string_view(iban).substr(0, 2);
    const int length = iban_length(country);
    if (length != 0 && length != size) return std::nullopt;
    if (!modulo_97_holds(iban)) return Parsed{iban, FieldStatus::Invalid};
    if (length == 0) return Parsed{iban, FieldStatus::Unchecked};
    if (country == "FR" || country == "MC") {
        const auto rib = parse_rib(std::string_view(iban).substr(4));
        if (!rib) return std::nullopt;
        if (rib->status != FieldStatus::Valid) return Parsed{iban, FieldStatus::Unchecked};
    }
    return Parsed{iban, FieldStatus::Valid};
}

}  // namespace pleiade
