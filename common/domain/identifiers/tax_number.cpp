#include "common/domain/identifiers/tax_number.h"

#include "common/domain/identifiers/checksum.h"

namespace pleiade {

std::optional<Parsed> parse_tax_number(std::string_view text) {
    const auto number = compact(text);
    if (number.size() != 13 || !all_digits(number) || number[0] > '3') return std::nullopt;
    const auto whole = std::string_view(number);
    const bool holds = whole.substr(0, 10) != "0000000000" &&
                       remainder_of(whole.substr(0, 10), 511) == remainder_of(whole.substr(10), 1000);
    return Parsed{number, holds ? FieldStatus::Valid : FieldStatus::Invalid};
}

}  // namespace pleiade
