#include "common/domain/identifiers/finess.h"

#include "common/domain/identifiers/checksum.h"

namespace pleiade {

std::optional<Parsed> parse_finess(std::string_view text) {
    const auto finess = compact(text);
    if (finess.size() != 9) return std::nullopt;
    auto digits = finess;
    if (digits.substr(0, 2) == "2A") digits[1] = '1';
    if (digits.substr(0, 2) == "2B") digits[1] = '2';
    if (!all_digits(digits)) return std::nullopt;
    const unsigned department = remainder_of(std::string_view(digits).substr(0, 2), 100);
    if (department == 0 || department == 96 || department == 99) return std::nullopt;
    return Parsed{finess, luhn_holds(digits) ? FieldStatus::Valid : FieldStatus::Invalid};
}

}  // namespace pleiade
