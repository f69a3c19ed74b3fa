#include "common/runtime/secrets.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <new>
#include <stdexcept>

namespace pleiade::runtime {
namespace {

constexpr unsigned long long kPasses = 3;
constexpr std::size_t kMemoryBytes = 64u << 20;
constexpr std::size_t kPasswordBytesMin = 12;
constexpr std::size_t kLongPasswordBytes = 20;  // a phrase: its kinds of characters do not matter

void ready() {
    static const bool good = sodium_init() >= 0;
    if (!good) throw std::runtime_error("libsodium cannot be initialised");
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

struct Place {
    explicit Place(std::counting_semaphore<4>& places) : places_(places) {}
    ~Place() { places_.release(); }
    std::counting_semaphore<4>& places_;
};

}  // namespace

std::string hash_password(std::string_view password) {
    ready();
    std::array<char, crypto_pwhash_STRBYTES> out{};
    if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), kPasses, kMemoryBytes,
                              crypto_pwhash_ALG_ARGON2ID13) != 0) {
        throw std::bad_alloc();
    }
    return out.data();
}

bool verify_password(const std::string& hash, std::string_view password) {
    ready();
    return !hash.empty() && crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

const std::string& hash_of_nobody() {
    static const std::string hash = hash_password(random_token());
    return hash;
}

std::optional<std::string> weakness_of(std::string_view password, std::string_view account) {
    if (password.size() < kPasswordBytesMin) return "Il faut au moins 12 caractères.";
    if (password.size() > 200) return "Il faut au plus 200 caractères.";
    if (!account.empty() && password.find(account) != std::string_view::npos) return "Il contient le nom du compte.";
    if (password.size() >= kLongPasswordBytes) return std::nullopt;
    bool lower = false, upper = false, digit = false, other = false;
    for (const unsigned char c : password) {
        lower = lower || std::islower(c) != 0;
        upper = upper || std::isupper(c) != 0;
        digit = digit || std::isdigit(c) != 0;
        other = other || std::isalnum(c) == 0;
    }
    if (lower && upper && digit && other) return std::nullopt;
    return "Il faut des minuscules, des majuscules, des chiffres et un autre signe; ou 20 caractères de toute sorte.";
}

std::string random_token() {
    ready();
    std::array<unsigned char, kTokenBytes> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::array<char, sodium_base64_ENCODED_LEN(kTokenBytes, kVariant)> text{};
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kVariant);
    sodium_memzero(bytes.data(), bytes.size());
    return text.data();
}

std::string one_time_password() {
    ready();
    static constexpr std::string_view kLetters = "abcdefghjkmnpqrstuvwxyz23456789";
    std::string text;
    for (int i = 0; i < 25; ++i) {
        if (i > 0 && i % 5 == 0) text += '-';
        text += kLetters[randombytes_uniform(static_cast<std::uint32_t>(kLetters.size()))];
    }
    return text;
}

std::string digest_of(std::string_view token) {
    ready();
    std::string digest(kDigestBytes, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(), bytes_of(token), token.size(),
                       nullptr, 0);
    return digest;
}

std::string keyed_digest_hex(std::string_view key, std::string_view text) {
    ready();
    std::array<unsigned char, kDigestBytes> digest{};
    const std::size_t key_bytes = std::min<std::size_t>(key.size(), crypto_generichash_KEYBYTES_MAX);
    crypto_generichash(digest.data(), digest.size(), bytes_of(text), text.size(), bytes_of(key), key_bytes);
    std::array<char, 2 * kDigestBytes + 1> hex{};
    sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
    return hex.data();
}

bool same_secret(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

void forget(std::string& secret) {
    sodium_memzero(secret.data(), secret.size());
    secret.clear();
}

std::optional<bool> PasswordGate::verify(const std::string& hash, std::string_view password) {
    if (!places_.try_acquire_for(patience_)) return std::nullopt;
    const Place place(places_);
    return verify_password(hash, password);
}

std::optional<std::string> PasswordGate::hash(std::string_view password) {
    if (!places_.try_acquire_for(patience_)) return std::nullopt;
    const Place place(places_);
    return hash_password(password);
}

}  // namespace pleiade::runtime
