#include "tests/mail/random.h"

namespace pleiade::mail {

// splitmix64 (Vigna): one word of state, passes BigCrush, and forks by hashing.
std::uint64_t Rng::next() {
    state_ += 0x9e3779b97f4a7c15ull;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

int Rng::between(int low, int high) {
    PLEIADE_CHECK(low <= high);
    const auto span = static_cast<std::uint64_t>(static_cast<std::int64_t>(high) - low + 1);
    return static_cast<int>(low + static_cast<std::int64_t>(next() % span));
}

double Rng::real(double low, double high) {
    return low + (high - low) * (static_cast<double>(next() >> 11) * 0x1.0p-53);
}

double Rng::gauss() {
    double sum = 0;
    for (int i = 0; i < 6; ++i) sum += real(-1, 1);
    return sum / 1.4142135623730951;  // six uniforms of variance 1/3 each
}

Rng Rng::fork(std::string_view name, std::uint64_t number) const {
    std::uint64_t hash = 0xcbf29ce484222325ull ^ state_;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
    Rng mixed(hash + number * 0xd1342543de82ef95ull);
    return Rng(mixed.next());
}

}  // namespace pleiade::mail
