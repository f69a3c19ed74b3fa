// Signs codes as an issuer does, with a key that lives as long as the test.
#pragma once

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace pleiade::reader::two_d_doc {

inline std::string base32_of(const std::string& bytes) {
    static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string text;
    unsigned bits = 0;
    int count = 0;
    for (const char c : bytes) {
        bits = (bits << 8) | static_cast<unsigned char>(c);
        for (count += 8; count >= 5; count -= 5) text += kAlphabet[(bits >> (count - 5)) & 31];
    }
    if (count > 0) text += kAlphabet[(bits << (5 - count)) & 31];
    return text;
}
inline std::string base64_of(const std::string& bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

// A key of its own, for this run.
class Signer {
  public:
    Signer(const char* curve, const EVP_MD* hash, int number_bytes)
        : key_(EVP_EC_gen(curve), EVP_PKEY_free), hash_(hash), number_bytes_(number_bytes) {}

    std::string public_key() const {
        unsigned char* der = nullptr;
        const int size = i2d_PUBKEY(key_.get(), &der);
        std::string text(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
        OPENSSL_free(der);
        return base64_of(text);
    }
    std::string sign(const std::string& message) const {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
        EVP_DigestSignInit(context.get(), nullptr, hash_, nullptr, key_.get());
        std::size_t size = 256;
        std::string der(size, '\0');
        const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(der.data()), &size, bytes, message.size());
        const auto* at = reinterpret_cast<const unsigned char*>(der.data());
        const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(
            d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)), ECDSA_SIG_free);
        std::string raw(static_cast<std::size_t>(2 * number_bytes_), '\0');
        auto* out = reinterpret_cast<unsigned char*>(raw.data());
        BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out, number_bytes_);
        BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out + number_bytes_, number_bytes_);
        return raw;
    }
    std::string sealed(const std::string& message) const { return message + "\x1F" + base32_of(sign(message)); }

  private:
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
    const EVP_MD* hash_;
    int number_bytes_;
};

}  // namespace pleiade::reader::two_d_doc
