// How far a share that was seen may be from the true one: Wilson's score interval, which holds for rare events and
// small samples too (Brown, Cai, DasGupta, "Interval estimation for a binomial proportion", 2001).
#pragma once

#include <algorithm>
#include <cmath>

namespace pleiade {

struct Interval {
    double low = 0;
    double high = 1;
};

// Of `part` in `whole`, at 95 %. Nothing seen: anything from 0 to 1.
inline Interval wilson(int part, int whole) {
    if (whole <= 0) return {};
    constexpr double kZ = 1.96;
    const double n = whole, share = part / n;
    const double middle = share + kZ * kZ / (2 * n);
    const double half = kZ * std::sqrt(share * (1 - share) / n + kZ * kZ / (4 * n * n));
    const double whole_width = 1 + kZ * kZ / n;
    return {std::max(0.0, (middle - half) / whole_width), std::min(1.0, (middle + half) / whole_width)};
}

}  // namespace pleiade
