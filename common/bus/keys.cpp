#include "common/bus/keys.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <zmq.hpp>

#include "common/base/csv.h"
#include "common/base/sha256.h"
#include "common/bus/allowed_keys.h"

namespace pleiade::bus {
namespace {

constexpr std::size_t kKeyTextBytes = 41;  // with its final zero
constexpr std::size_t kFileBytesMax = 4'096;
constexpr std::size_t kFingerprintDigits = 8;
constexpr std::string_view kPublic = "public ";
constexpr std::string_view kSecret = "secret ";

// PostgreSQL's rule for its own key: 0600 or less, or 0640 or less when it belongs to root.
bool open_to_others(const struct stat& status) {
    const mode_t barred = status.st_uid == 0 ? S_IRWXO | S_IWGRP | S_IXGRP : S_IRWXG | S_IRWXO;
    return (status.st_mode & barred) != 0;
}

bool any_tcp(const std::vector<std::string>& endpoints) {
    return std::ranges::any_of(endpoints, [](const auto& endpoint) { return is_tcp(endpoint); });
}

Result<std::string> read_secret_file(const std::string& file) {
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status {};
    if (fd < 0 || ::fstat(fd, &status) != 0) {
        if (fd >= 0) ::close(fd);
        return invalid("BUS_KEYS_MISSING", "no key of the bus can be read at " + file +
                                               ", and tcp:// is not spoken without: pleiade keys bus create NAME "
                                               "--role ROLE makes one");
    }
    if (open_to_others(status)) {
        ::close(fd);
        return invalid("BUS_KEY_OPEN_TO_OTHERS",
                       file +
                           " can be read by others: chmod 600 it; who may have read it has the key (pleiade keys "
                           "bus rotate NAME)");
    }
    std::string text(kFileBytesMax, '\0');
    const ssize_t got = ::read(fd, text.data(), text.size());
    ::close(fd);
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return text;
}

}  // namespace

KeyPair make_key_pair() {
    std::array<char, kKeyTextBytes> public_key{};
    std::array<char, kKeyTextBytes> secret_key{};
    if (zmq_curve_keypair(public_key.data(), secret_key.data()) != 0) throw zmq::error_t();
    return {public_key.data(), secret_key.data()};
}

std::string fingerprint_of(const std::string& public_key) {
    return sha256_hex(public_key).substr(0, kFingerprintDigits);
}

std::string text_of(const KeyPair& pair) {
    return "# A key of the bus. Whoever reads this file can speak in its name.\n" + std::string(kPublic) +
           pair.public_key + "\n" + std::string(kSecret) + pair.secret_key + "\n";
}

Result<KeyPair> read_key_pair(const std::string& file) {
    const auto text = read_secret_file(file);
    if (!text) return pass_on(text);
    KeyPair pair;
    for (const std::string& line : split(*text, '\n')) {
        if (line.starts_with(kPublic)) pair.public_key = trim(std::string_view(line).substr(kPublic.size()));
        if (line.starts_with(kSecret)) pair.secret_key = trim(std::string_view(line).substr(kSecret.size()));
    }
    std::array<char, kKeyTextBytes> derived{};
    const bool whole = is_bus_key(pair.public_key) && is_bus_key(pair.secret_key) &&
                       zmq_curve_public(derived.data(), pair.secret_key.c_str()) == 0;
    if (!whole || pair.public_key != derived.data()) {
        return invalid("BUS_KEY_INVALID", file +
                                              " does not hold the two halves of a key: restore it, or make another "
                                              "with pleiade keys bus rotate NAME");
    }
    return pair;
}

Result<KeyPair> own_keys(const HubAddress& hubs) {
    if (!any_tcp(hubs.endpoints)) return KeyPair{};
    auto own = read_key_pair(hubs.key_file);
    if (!own) return own;
    if (hubs.hub_keys.empty()) {
        return invalid("BUS_KEYS_MISSING",
                       "the settings name no public key of the hubs (bus.hub_keys), and tcp:// is not spoken without: "
                       "pleiade keys bus list --json, on a hub, shows it");
    }
    if (!std::ranges::all_of(hubs.hub_keys, is_bus_key)) {
        return invalid("BUS_KEY_INVALID", "bus.hub_keys holds what is no public key: they have 40 characters");
    }
    return own;
}

Result<void> check_keys(const HubAddress& hubs) {
    const auto own = own_keys(hubs);
    if (!own) return pass_on(own);
    return {};
}

Result<void> check_keys(const std::vector<std::string>& endpoints, const HubKeys& keys) {
    if (!any_tcp(endpoints)) return {};
    const auto own = read_key_pair(keys.key_file);
    if (!own) return pass_on(own);
    const auto allowed = read_allowed(keys.allowed_file);
    if (!allowed) return pass_on(allowed);
    const auto listed = std::ranges::find(*allowed, own->public_key, &AllowedKey::public_key);
    if (listed != allowed->end() && !listed->good()) {
        return invalid("BUS_KEY_INVALID",
                       "the hub's own key in " + keys.key_file +
                           " was revoked: make another with pleiade keys bus create NAME --role hub");
    }
    return {};
}

}  // namespace pleiade::bus
