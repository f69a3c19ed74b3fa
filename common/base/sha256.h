// SHA-256, by OpenSSL: names files in the vault, keys of registration, digests of results.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace pleiade {

// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

// For bytes that come in pieces. Not thread-safe.
class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void update(std::string_view bytes);
    std::string finish_hex();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

bool is_sha256_hex(std::string_view text);

}  // namespace pleiade
