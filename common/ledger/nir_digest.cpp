#include "common/ledger/nir_digest.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "common/base/check.h"
#include "common/domain/identifiers/nir.h"

namespace pleiade::ledger {
namespace {

constexpr std::size_t kDigestBytes = 32;
constexpr std::size_t kWithoutKey = 13;

std::string path_of(const std::string& folder) {
    return folder + "/nir.key";
}

[[noreturn]] void raise(const std::string& path, const std::string& what) {
    throw std::runtime_error("NIR_KEY_UNUSABLE: " + path + ": " + what +
                             "; restore it from its backup, or search by NIR finds nothing");
}

void write_new(const std::string& folder) {
    std::array<unsigned char, kDigestBytes> key{};
    randombytes_buf(key.data(), key.size());
    const std::string path = path_of(folder);
    const std::string fresh = path + ".new";
    const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) raise(path, std::strerror(errno));
    const bool written = ::write(fd, key.data(), key.size()) == static_cast<ssize_t>(key.size()) && ::fsync(fd) == 0;
    ::close(fd);
    if (!written || ::rename(fresh.c_str(), path.c_str()) != 0) raise(path, std::strerror(errno));
    const int folder_fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder_fd < 0 || ::fsync(folder_fd) != 0) raise(path, std::strerror(errno));
    ::close(folder_fd);
}

}  // namespace

NirDigest NirDigest::open_or_create(const std::string& folder) {
    PLEIADE_CHECK(sodium_init() >= 0);
    struct stat found {};
    if (::stat(path_of(folder).c_str(), &found) != 0 && errno == ENOENT) write_new(folder);
    return open(folder);
}

NirDigest NirDigest::open(const std::string& folder) {
    PLEIADE_CHECK(sodium_init() >= 0);
    const std::string path = path_of(folder);
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) raise(path, std::strerror(errno));
    std::array<unsigned char, kKeyBytes + 1> bytes{};
    const ssize_t got = ::read(fd, bytes.data(), bytes.size());
    ::close(fd);
    if (got != static_cast<ssize_t>(kKeyBytes)) raise(path, "it does not hold 32 bytes");
    std::array<unsigned char, kKeyBytes> key{};
    std::copy_n(bytes.begin(), kKeyBytes, key.begin());
    sodium_memzero(bytes.data(), bytes.size());
    return NirDigest(key);
}

std::optional<std::string> NirDigest::of(std::string_view nir) const {
    const auto number = parse_person_number(nir);
    if (!number || number->status == FieldStatus::Invalid) return std::nullopt;
    const std::string person = number->value.substr(0, kWithoutKey);
    std::string digest(kDigestBytes, '\0');
    PLEIADE_CHECK(crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                                     reinterpret_cast<const unsigned char*>(person.data()), person.size(), key_.data(),
                                     key_.size()) == 0);
    return digest;
}

}  // namespace pleiade::ledger
