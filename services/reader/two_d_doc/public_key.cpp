#include "services/reader/two_d_doc/public_key.h"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <fmt/format.h>

#include <ctime>

namespace pleiade::reader::two_d_doc {
namespace {

template <class T, void (*Free)(T*)>
struct Freed {
    void operator()(T* pointer) const { Free(pointer); }
};
using Certificate = std::unique_ptr<X509, Freed<X509, X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX, EVP_MD_CTX_free>>;
using Pair = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG, ECDSA_SIG_free>>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

Date day_of(const ASN1_TIME* time) {
    std::tm day{};
    if (ASN1_TIME_to_tm(time, &day) != 1) return {};
    return fmt::format("{:04}-{:02}-{:02}", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
}

const EVP_MD* hash_of(int bits) {
    return bits == 256 ? EVP_sha256() : bits == 384 ? EVP_sha384() : EVP_sha512();
}

// ECDSA as OpenSSL wants it: the two numbers in a DER sequence.
std::string der_of(std::string_view signature) {
    const auto half = signature.size() / 2;
    const Pair pair(ECDSA_SIG_new());
    BIGNUM* r = BN_bin2bn(bytes_of(signature), static_cast<int>(half), nullptr);
    BIGNUM* s = BN_bin2bn(bytes_of(signature) + half, static_cast<int>(half), nullptr);
    if (!pair || r == nullptr || s == nullptr || ECDSA_SIG_set0(pair.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return {};
    }
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(pair.get(), &der);
    if (size <= 0) return {};
    std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return text;
}

}  // namespace

std::optional<PublicKey> PublicKey::from_der(std::string_view der) {
    PublicKey made;
    Key key;
    const auto* at = bytes_of(der);
    if (const Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size()))); certificate) {
        if (at != bytes_of(der) + der.size()) return std::nullopt;
        key.reset(X509_get_pubkey(certificate.get()));
        made.valid_from_ = day_of(X509_get0_notBefore(certificate.get()));
        made.valid_to_ = day_of(X509_get0_notAfter(certificate.get()));
    } else {
        at = bytes_of(der);
        key.reset(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
        if (at != bytes_of(der) + der.size()) return std::nullopt;
    }
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_EC) return std::nullopt;
    std::string group(64, '\0');
    std::size_t size = 0;
    if (EVP_PKEY_get_group_name(key.get(), group.data(), group.size(), &size) != 1) return std::nullopt;
    group.resize(size);
    if (group == "prime256v1") {
        made.number_bytes_ = 32, made.hash_bits_ = 256;
    } else if (group == "secp384r1") {
        made.number_bytes_ = 48, made.hash_bits_ = 384;
    } else if (group == "secp521r1") {
        made.number_bytes_ = 66, made.hash_bits_ = 512;
    } else {
        return std::nullopt;
    }
    made.key_ =
        std::shared_ptr<void>(key.release(), [](void* pointer) { EVP_PKEY_free(static_cast<EVP_PKEY*>(pointer)); });
    return made;
}

bool PublicKey::verifies(std::string_view message, std::string_view signature) const {
    if (key_ == nullptr || signature.size() != 2 * number_bytes_) return false;
    const auto der = der_of(signature);
    const DigestContext context(EVP_MD_CTX_new());
    if (der.empty() || !context) return false;
    return EVP_DigestVerifyInit(context.get(), nullptr, hash_of(hash_bits_), nullptr,
                                static_cast<EVP_PKEY*>(key_.get())) == 1 &&
           EVP_DigestVerify(context.get(), bytes_of(der), der.size(), bytes_of(message), message.size()) == 1;
}

}  // namespace pleiade::reader::two_d_doc
