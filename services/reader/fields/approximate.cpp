#include "services/reader/fields/approximate.h"

#include <array>
#include <cstdint>
#include <string>

#include "common/base/check.h"

namespace pleiade::reader::fields {
namespace {

constexpr std::size_t kPatternMax = 64;

std::vector<Occurrence> find_exactly(std::string_view pattern, std::string_view text) {
    std::vector<Occurrence> found;
    for (auto at = text.find(pattern); at != std::string_view::npos; at = text.find(pattern, at + pattern.size())) {
        found.push_back({at, at + pattern.size(), 0});
    }
    return found;
}

// Errors of the best match of the whole pattern that ends after each character of the text.
// `anchored`: the match must begin where the text begins.
std::vector<int> errors_by_end(std::string_view pattern, std::string_view text, bool anchored) {
    std::array<std::uint64_t, 256> places{};
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        places[static_cast<unsigned char>(pattern[i])] |= std::uint64_t{1} << i;
    }
    const std::uint64_t last = std::uint64_t{1} << (pattern.size() - 1);
    std::uint64_t plus = ~std::uint64_t{0};
    std::uint64_t minus = 0;
    int errors = static_cast<int>(pattern.size());
    std::vector<int> by_end;
    by_end.reserve(text.size());
    for (const char c : text) {
        const std::uint64_t equal = places[static_cast<unsigned char>(c)];
        const std::uint64_t diagonal = (((equal & plus) + plus) ^ plus) | equal | minus;
        std::uint64_t up = minus | ~(diagonal | plus);
        std::uint64_t down = plus & diagonal;
        if ((up & last) != 0) ++errors;
        if ((down & last) != 0) --errors;
        up = (up << 1) | (anchored ? 1 : 0);
        down <<= 1;
        plus = down | ~(diagonal | up);
        minus = up & diagonal;
        by_end.push_back(errors);
    }
    return by_end;
}

}  // namespace

std::vector<Occurrence> find_approximately(std::string_view pattern, std::string_view text, int errors_max) {
    PLEIADE_CHECK(!pattern.empty() && pattern.size() <= kPatternMax);
    if (errors_max <= 0) return find_exactly(pattern, text);
    const std::string backwards(pattern.rbegin(), pattern.rend());
    const auto errors = errors_by_end(pattern, text, false);
    std::vector<Occurrence> found;
    std::size_t done = 0;
    for (std::size_t end = 0; end < errors.size();) {
        if (errors[end] > errors_max) {
            ++end;
            continue;
        }
        std::size_t best = end;  // the least errors of a stretch of possible ends
        for (; end < errors.size() && errors[end] <= errors_max; ++end) {
            if (errors[end] < errors[best]) best = end;
        }
        const std::size_t reach = pattern.size() + static_cast<std::size_t>(errors_max);
        const std::size_t first = best + 1 > reach ? best + 1 - reach : 0;
        const auto window = text.substr(first, best + 1 - first);
        const auto back = errors_by_end(backwards, std::string(window.rbegin(), window.rend()), true);
        std::size_t length = 0;
        for (std::size_t i = 0; i < back.size(); ++i) {
            if (back[i] == errors[best]) length = i + 1;
        }
        const std::size_t from = best + 1 - length;
        if (length == 0 || from < done) continue;
        found.push_back({from, best + 1, errors[best]});
        done = best + 1;
    }
    return found;
}

}  // namespace pleiade::reader::fields
