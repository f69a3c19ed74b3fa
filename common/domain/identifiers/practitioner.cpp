#include "common/domain/identifiers/practitioner.h"

#include "common/domain/identifiers/checksum.h"

namespace pleiade {

std::optional<Parsed> parse_rpps(std::string_view text) {
    const auto rpps = compact(text);
    if (rpps.size() != 11 || !all_digits(rpps) || (rpps[0] != '1' && rpps[0] != '8')) return std::nullopt;
    return Parsed{rpps, luhn_holds(rpps) ? FieldStatus::Valid : FieldStatus::Invalid};
}

std::optional<Parsed> parse_am_number(std::string_view text) {
    const auto number = compact(text);
    if (number.size() != 9 || !all_digits(number)) return std::nullopt;
    const unsigned department = remainder_of(std::string_view(number).substr(0, 2), 100);
    if (department == 0 || department == 96) return std::nullopt;
    return Parsed{number, luhn_holds(number) ? FieldStatus::Unchecked : FieldStatus::Invalid};
}

}  // namespace pleiade
