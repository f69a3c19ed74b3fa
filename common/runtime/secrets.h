// Passwords, random tokens and their digests, on libsodium. Nothing here is ever logged or formatted.
//
// Operation: a password is kept as its argon2id string (64 MiB, 3 passes: RELIABILITY 5.3); a token has 256 random
// bits, so that its plain digest is enough. Concurrency: any thread. A hash holds 64 MiB while it runs: callers that
// the network reaches bound how many run at once (PasswordGate).
#pragma once

#include <chrono>
#include <optional>
#include <semaphore>
#include <string>
#include <string_view>

namespace pleiade::runtime {

inline constexpr std::size_t kTokenBytes = 32;
inline constexpr std::size_t kDigestBytes = 32;

std::string hash_password(std::string_view password);
bool verify_password(const std::string& hash, std::string_view password);
// As long to check as a real one, and no password fits: for a name that nobody has.
const std::string& hash_of_nobody();

// Why a new password will not do, in French; nothing when it will. CNIL and ANSSI: 12 characters of 4 kinds, or longer.
std::optional<std::string> weakness_of(std::string_view password, std::string_view account);

std::string random_token();                     // 43 characters of base64url, 256 bits
std::string one_time_password();                // readable over the telephone: no letter that looks like another
std::string digest_of(std::string_view token);  // 32 bytes
std::string keyed_digest_hex(std::string_view key, std::string_view text);  // of a token, for something made from it
bool same_secret(std::string_view a, std::string_view b);                   // in constant time
void forget(std::string& secret);                                           // overwrites it

// At most four hashes at once; who does not get a place in time is told so.
class PasswordGate {
  public:
    explicit PasswordGate(std::chrono::milliseconds patience = std::chrono::seconds(3)) : patience_(patience) {}
    // Nothing when all places stayed taken.
    std::optional<bool> verify(const std::string& hash, std::string_view password);
    std::optional<std::string> hash(std::string_view password);

  private:
    static constexpr int kAtOnceMax = 4;
    const std::chrono::milliseconds patience_;
    std::counting_semaphore<kAtOnceMax> places_{kAtOnceMax};
};

}  // namespace pleiade::runtime
