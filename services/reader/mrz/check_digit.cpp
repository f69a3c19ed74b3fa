#include "services/reader/mrz/check_digit.h"

#include <cstddef>

namespace pleiade::reader::mrz {
namespace {

int value_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
    return c == '<' ? 0 : -1;
}

}  // namespace

bool check_holds(std::string_view text, char digit) {
    static constexpr int kWeights[] = {7, 3, 1};
    if (digit < '0' || digit > '9') return false;
    int sum = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int value = value_of(text[i]);
        if (value < 0) return false;
        sum += value * kWeights[i % 3];
    }
    return sum % 10 == digit - '0';
}

}  // namespace pleiade::reader::mrz
