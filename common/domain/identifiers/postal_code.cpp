#include "common/domain/identifiers/postal_code.h"

#include "common/domain/identifiers/checksum.h"

namespace pleiade {

std::optional<Parsed> parse_postal_code(std::string_view text) {
    const auto code = compact(text);
    if (code.size() != 5 || !all_digits(code)) return std::nullopt;
    const unsigned department = remainder_of(std::string_view(code).substr(0, 2), 100);
    if (department == 0 || department == 96 || department == 99) return std::nullopt;
    return Parsed{code, FieldStatus::Unchecked};
}

std::string department_of_postal_code(std::string_view postal_code) {
    if (postal_code.size() != 5 || !all_digits(postal_code)) return "";
    const auto two = postal_code.substr(0, 2);
    if (two == "20") {
        return postal_code[2] == '0' || postal_code[2] == '1' ? "2A" : "2B";
    }
    return std::string(postal_code.substr(0, two == "97" || two == "98" ? 3 : 2));
}

}  // namespace pleiade
