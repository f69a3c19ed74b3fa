#include "services/cli/bus_keys.h"

#include <date/date.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "common/base/hub_address.h"
#include "common/bus/keys.h"
#include "services/cli/replace_file.h"

namespace pleiade::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kHubRole[] = "hub";  // its second key waits for `finish`
constexpr char kNext[] = ".next";   // after the name of a file: the key that it is to hold

// Held from the reading of the list to its writing. Without a folder there is nothing to lose to another.
class Lock {
  public:
    explicit Lock(const std::string& allowed_file)
        : fd_(::open(fs::path(allowed_file).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
        if (fd_ >= 0) ::flock(fd_, LOCK_EX);
    }
    ~Lock() {
        if (fd_ >= 0) ::close(fd_);
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

  private:
    const int fd_;
};

template <class Keys>
auto good_keys_of(Keys& keys, const std::string& name) {
    std::vector<decltype(&keys.front())> good;  // in the order of the list: the older first
    for (auto& key : keys) {
        if (key.name == name && key.good()) good.push_back(&key);
    }
    return good;
}

tl::unexpected<Error> unknown(const std::string& name) {
    return not_found("BUS_KEY_UNKNOWN", "no good key has the name " + name + "; pleiade keys bus list shows them");
}

}  // namespace

Result<std::vector<bus::AllowedKey>> BusKeyRing::list() const {
    std::error_code failed;
    if (!fs::exists(allowed_file_, failed)) return Keys{};
    return bus::read_allowed(allowed_file_);
}

bus::AllowedKey BusKeyRing::key_of(const std::string& name, const std::string& role,
                                   const std::string& public_key) const {
    const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now());
    return {name, role, date::format("%FT%TZ", now), "good", public_key};
}

Result<void> BusKeyRing::write(const Keys& keys) const {
    return replace_file(allowed_file_, bus::text_of(keys), 0644);
}

Result<BusKeyMade> BusKeyRing::add(Keys keys, const bus::AllowedKey& key, const std::string& file) {
    if (std::ranges::find(keys, key.public_key, &bus::AllowedKey::public_key) != keys.end()) {
        return conflict("BUS_KEY_EXISTS", "this public key is in the list already");
    }
    keys.push_back(key);
    if (auto written = write(keys); !written) return pass_on(written);
    return BusKeyMade{key, file};
}

// The list, once it is known that it has room for that name.
Result<BusKeyRing::Keys> BusKeyRing::list_without(const std::string& name) const {
    if (!bus::is_key_name(name)) {
        return invalid("BUS_KEY_NAME_INVALID", "a name is of lower case, digits, `.` and `-`, 48 at most");
    }
    auto keys = list();
    if (keys && std::ranges::find(*keys, name, &bus::AllowedKey::name) != keys->end()) {
        return conflict("BUS_KEY_EXISTS",
                        "a key has had the name " + name + "; rotate changes it, and a name never serves twice");
    }
    return keys;
}

Result<BusKeyMade> BusKeyRing::create(const std::string& name, const std::string& role, const std::string& named) {
    const Lock lock(allowed_file_);
    const auto keys = list_without(name);
    if (!keys) return pass_on(keys);
    const std::string file = named.empty() ? folder_ + "/" + role + ".key" : named;
    std::error_code failed;
    if (fs::exists(file, failed)) {
        return conflict("BUS_KEY_EXISTS",
                        file + " holds a key already: --out names another file, rotate changes a key");
    }
    const auto pair = bus::make_key_pair();
    if (auto written = replace_file(file, bus::text_of(pair), kSecretFile); !written) return pass_on(written);
    return add(*keys, key_of(name, role, pair.public_key), file);
}

Result<BusKeyMade> BusKeyRing::allow(const std::string& public_key, const std::string& name, const std::string& role) {
    if (!is_bus_key(public_key)) return invalid("BUS_KEY_INVALID", "a public key has 40 characters");
    const Lock lock(allowed_file_);
    const auto keys = list_without(name);
    if (!keys) return pass_on(keys);
    return add(*keys, key_of(name, role, public_key), "");
}

// The file of this folder that holds the pair.
std::string BusKeyRing::file_of(const std::string& public_key) const {
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(folder_, failed)) {
        if (entry.path().extension() != ".key" && entry.path().extension() != kNext) continue;
        const auto pair = bus::read_key_pair(entry.path().string());
        if (pair && pair->public_key == public_key) return entry.path().string();
    }
    return "";
}

Result<BusKeyMade> BusKeyRing::rotate(const std::string& name, const std::string& public_key) {
    if (!public_key.empty() && !is_bus_key(public_key)) {
        return invalid("BUS_KEY_INVALID", "a public key has 40 characters");
    }
    const Lock lock(allowed_file_);
    auto keys = list();
    if (!keys) return pass_on(keys);
    const auto good = good_keys_of(*keys, name);
    if (good.empty()) return unknown(name);
    if (good.size() > 1) {
        return conflict("BUS_KEY_ROTATING",
                        name + " has two keys already: rotate " + name + " --finish drops the older");
    }
    const bool is_hub = good.front()->role == kHubRole;
    const auto key_with = [&](const std::string& half) { return key_of(name, good.front()->role, half); };
    if (!public_key.empty()) return add(*keys, key_with(public_key), "");
    const std::string file = file_of(good.front()->public_key);
    if (file.empty()) {
        return conflict("BUS_KEY_ROTATED_ELSEWHERE",
                        "the secret of " + name + " is not in " + folder_ +
                            ": rotate it on its own host, and give the public key here with --public");
    }
    const auto pair = bus::make_key_pair();
    const std::string next = file + kNext;
    if (auto written = replace_file(next, bus::text_of(pair), kSecretFile); !written) return pass_on(written);
    auto added = add(*keys, key_with(pair.public_key), next);
    if (!added || is_hub) return added;
    const auto placed = put_in_place(next);
    if (!placed) return pass_on(placed);
    added->file = *placed;
    return added;
}

Result<std::string> BusKeyRing::put_in_place(const std::string& next) {
    const std::string file = next.substr(0, next.size() - std::string_view(kNext).size());
    std::error_code failed;
    fs::rename(next, file, failed);
    if (failed) return unavailable("NOT_WRITTEN", file + " cannot be written; has its folder the rights?");
    return file;
}

Result<BusKeyMade> BusKeyRing::finish(const std::string& name) {
    const Lock lock(allowed_file_);
    auto keys = list();
    if (!keys) return pass_on(keys);
    const auto good = good_keys_of(*keys, name);
    if (good.empty()) return unknown(name);
    if (good.size() < 2)
        return conflict("BUS_KEY_ROTATING", name + " has one key: rotate " + name + " gives it another");
    std::string file = file_of(good.back()->public_key);
    if (fs::path(file).extension() == kNext) {
        const auto placed = put_in_place(file);
        if (!placed) return pass_on(placed);
        file = *placed;
    }
    good.front()->state = "revoked";
    if (auto written = write(*keys); !written) return pass_on(written);
    return BusKeyMade{*good.back(), file};
}

Result<void> BusKeyRing::revoke(const std::string& name) {
    const Lock lock(allowed_file_);
    auto keys = list();
    if (!keys) return pass_on(keys);
    const auto good = good_keys_of(*keys, name);
    if (good.empty()) return unknown(name);
    for (auto* key : good) key->state = "revoked";
    return write(*keys);
}

}  // namespace pleiade::cli
