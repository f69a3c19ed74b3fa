// What every adapter of the vault must hold. An adapter joins by giving a VaultUnderTest to the suite
// (INSTANTIATE_TEST_SUITE_P in its own file, see posix_vault_test.cpp).
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "common/vault/vault.h"

namespace pleiade::vault {

class VaultUnderTest {
  public:
    virtual ~VaultUnderTest() = default;
    // A vault over the same store each time: a second call is a restart.
    virtual std::unique_ptr<Vault> open() = 0;
    // Damages a stored file behind the vault's back.
    virtual void flip_a_bit(const PliId& pli, const std::string& sha256) = 0;
};

struct Adapter {
    std::string name;
    std::function<std::unique_ptr<VaultUnderTest>()> make;
};

class VaultConformance : public testing::TestWithParam<Adapter> {};

// An anonymous file holding these bytes; the caller closes it.
int file_with(const std::string& bytes);
std::string bytes_of(int fd);

inline const PliId kPli("0123456789abcdef0123456789abcdef");
inline const PliId kOtherPli("fedcba9876543210fedcba9876543210");

}  // namespace pleiade::vault
