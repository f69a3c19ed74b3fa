// A vault of a temporary folder behind hubs, and what is done to its files behind their backs.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>

#include "common/base/sha256.h"
#include "common/vault/layout.h"
#include "common/vault/open.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/vault/conformance.h"

namespace pleiade::hub_vault {

inline std::string random_bytes(std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::string bytes(count, '\0');
    for (auto& byte : bytes) byte = static_cast<char>(random());
    return bytes;
}

class StoredMail {
  public:
    StoredMail() : vault_(vault::open_posix_vault(folder())) {}

    std::string folder() const { return temporary_ / "vault"; }
    std::string url() const { return "file:" + folder(); }
    std::string home(const std::string& host) const { return temporary_ / host; }
    vault::Vault& vault() { return *vault_; }

    std::string put(const std::string& bytes) {
        const int fd = vault::file_with(bytes);
        const auto stored = vault_->put(vault::kPli, fd, "a.tif");
        ::close(fd);
        EXPECT_TRUE(stored.has_value());
        return stored ? stored->sha256 : "";
    }
    void flip_a_bit(const PliId& pli, const std::string& sha256) const {
        std::fstream file(writable(pli, sha256), std::ios::in | std::ios::out | std::ios::binary);
        const int byte = file.get();
        file.seekp(0);
        file.put(static_cast<char>(byte ^ 1));
    }
    void cut_short(const std::string& sha256, std::uintmax_t size_bytes) const {
        std::filesystem::resize_file(writable(vault::kPli, sha256), size_bytes);
    }

  private:
    std::string writable(const PliId& pli, const std::string& sha256) const {
        const auto path = folder() + "/" + vault::place_of(pli, sha256);
        std::filesystem::permissions(path, std::filesystem::perms::owner_write, std::filesystem::perm_options::add);
        return path;
    }

    test::TemporaryFolder temporary_;
    std::unique_ptr<vault::Vault> vault_;
};

// The bytes that the vault gives for a file of kPli, or the code of its error.
inline std::string got_from(const vault::Vault& vault, const std::string& sha256) {
    const auto opened = vault.open(vault::kPli, sha256);
    if (!opened) return opened.error().code;
    auto got = vault::bytes_of(*opened);
    ::close(*opened);
    return got;
}

}  // namespace pleiade::hub_vault
