// A public key on one of the curves that 2D-Doc signatures are made on: P-256, P-384, P-521 (ECDSA, the specification's
// part on signatures). The hash goes with the curve: SHA-256, SHA-384, SHA-512.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "common/domain/reading.h"

namespace pleiade::reader::two_d_doc {

// Immutable; copies share the key. Any thread may use one.
class PublicKey {
  public:
    // `der`: an X.509 certificate, or a public key alone (SubjectPublicKeyInfo). Nothing when it is neither, or on
    // another curve.
    static std::optional<PublicKey> from_der(std::string_view der);

    // `signature`: r then s, each as long as the curve's numbers.
    bool verifies(std::string_view message, std::string_view signature) const;

    // Of the certificate; empty when there was none.
    const Date& valid_from() const { return valid_from_; }
    const Date& valid_to() const { return valid_to_; }

  private:
    std::shared_ptr<void> key_;  // EVP_PKEY
    std::size_t number_bytes_ = 0;
    int hash_bits_ = 0;
    Date valid_from_, valid_to_;
};

}  // namespace pleiade::reader::two_d_doc
