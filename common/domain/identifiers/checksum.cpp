#include "common/domain/identifiers/checksum.h"

#include <algorithm>

#include "common/base/check.h"

namespace pleiade {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

std::string compact(std::string_view text) {
    std::string kept;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i, 2) == "\xC2\xA0") {  // no-break space
            ++i;
            continue;
        }
        if (text.substr(i, 3) == "\xE2\x80\xAF") {  // narrow no-break space
            i += 2;
            continue;
        }
        const char c = text[i];
        if (std::string_view(" \t\r\n.-/_|").find(c) != std::string_view::npos) continue;
        kept += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return kept;
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

int digit_sum(std::string_view digits) {
    int sum = 0;
    for (const char c : digits) sum += c - '0';
    return sum;
}

bool luhn_holds(std::string_view digits) {
    if (!all_digits(digits)) return false;
    int sum = 0;
    bool twice = false;
    for (auto c = digits.rbegin(); c != digits.rend(); ++c, twice = !twice) {
        const int value = (*c - '0') * (twice ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    return sum % 10 == 0;
}

unsigned remainder_of(std::string_view digits, unsigned divisor) {
    PLEIADE_CHECK(divisor > 0 && divisor <= 100'000'000);
    unsigned rest = 0;
    for (const char c : digits) {
        PLEIADE_CHECK(is_digit(c));
        rest = (rest * 10 + static_cast<unsigned>(c - '0')) % divisor;
    }
    return rest;
}

}  // namespace pleiade
