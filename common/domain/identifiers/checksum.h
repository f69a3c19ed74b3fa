// The arithmetic that identifiers share.
#pragma once

#include <string>
#include <string_view>

namespace pleiade {

// Upper case, without the spaces, dots, dashes, slashes and bars that people and forms put between groups.
std::string compact(std::string_view text);

bool all_digits(std::string_view text);  // false when empty

int digit_sum(std::string_view digits);

// Luhn over all the digits, the last one being the key.
bool luhn_holds(std::string_view digits);

// A decimal number of any length, modulo `divisor` (at most 10^8).
unsigned remainder_of(std::string_view digits, unsigned divisor);

}  // namespace pleiade
