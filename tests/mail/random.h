// The only source of chance in the generator: the same seed draws the same mail on every machine, which the standard
// library's distributions do not promise.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "common/base/check.h"

namespace pleiade::mail {

class Rng {
  public:
    explicit Rng(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next();
    int between(int low, int high);  // both included
    double real(double low, double high);
    bool chance(double probability) { return real(0, 1) < probability; }
    double gauss();  // mean 0, deviation 1
    template <class T>
    const T& pick(const std::vector<T>& from) {
        PLEIADE_CHECK(!from.empty());
        return from[static_cast<std::size_t>(between(0, static_cast<int>(from.size()) - 1))];
    }
    // A stream of its own, so that drawing more of one thing does not change the others.
    Rng fork(std::string_view name, std::uint64_t number = 0) const;

  private:
    std::uint64_t state_;
};

}  // namespace pleiade::mail
