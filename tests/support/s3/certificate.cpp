#include "tests/support/s3/certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

#include "common/base/check.h"

namespace pleiade::test {
namespace {

template <class Write>
std::string pem_of(const Write& write) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), BIO_free);
    PLEIADE_CHECK(write(memory.get()) == 1);
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

void extend(X509* certificate, int what, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str()), X509_EXTENSION_free);
    PLEIADE_CHECK(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

}  // namespace

Certificate certificate_of(const std::string& name, std::chrono::seconds until) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    PLEIADE_CHECK(key && certificate);
    X509* const one = certificate.get();
    X509_set_version(one, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(one), 1);
    X509_gmtime_adj(X509_getm_notBefore(one), -3'600);
    X509_gmtime_adj(X509_getm_notAfter(one), static_cast<long>(until.count()));
    X509_set_pubkey(one, key.get());
    X509_NAME* const subject = X509_get_subject_name(one);
    X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>("Tests"), -1, -1, 0);
    X509_set_issuer_name(one, subject);
    extend(one, NID_subject_alt_name, "IP:" + name);
    extend(one, NID_basic_constraints, "critical,CA:TRUE");
    PLEIADE_CHECK(X509_sign(one, key.get(), EVP_sha256()) > 0);
    return {pem_of([&](BIO* to) { return PEM_write_bio_X509(to, one); }), pem_of([&](BIO* to) {
                return PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
            })};
}

}  // namespace pleiade::test
