#include "common/bus/allowed_keys.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "common/base/csv.h"
#include "common/base/hub_address.h"

namespace pleiade::bus {
namespace {

constexpr std::chrono::seconds kLookEvery{1};
constexpr std::size_t kKeysMax = 10'000;
constexpr std::size_t kNameBytesMax = 48;
constexpr char kHeader[] = "name;role;created;state;public_key\n";

bool same_file(const struct stat& a, const struct stat& b) {
    return a.st_ino == b.st_ino && a.st_dev == b.st_dev && a.st_size == b.st_size &&
           a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

}  // namespace

bool is_key_name(std::string_view text) {
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789.-";
    return !text.empty() && text.size() <= kNameBytesMax && text.front() != '.' && text.front() != '-' &&
           text.find_first_not_of(kLetters) == std::string_view::npos;
}

Result<std::vector<AllowedKey>> parse_allowed(const std::string& file, std::string_view text) {
    const auto table = CsvTable::parse(file, text, {"name", "role", "created", "state", "public_key"});
    if (!table) return pass_on(table);
    std::vector<AllowedKey> keys;
    std::set<std::string> seen;
    for (const CsvRow& row : (*table)->rows()) {
        const auto wrong = [&](const char* column, std::string_view what) {
            return (*table)->error_at(row.at(column), what);
        };
        if (!is_key_name(row["name"])) return wrong("name", "a name is of lower case, digits, `.` and `-`");
        if (std::ranges::find(kRoles, row["role"]) == kRoles.end()) {
            return wrong("role", "a role is scanner, reader, router, gateway, ops or hub");
        }
        if (row["state"] != "good" && row["state"] != "revoked") return wrong("state", "a key is good or revoked");
        if (!is_bus_key(row["public_key"])) return wrong("public_key", "a public key has 40 characters");
        if (!seen.insert(row["public_key"]).second) return wrong("public_key", "this key stands here twice");
        if (keys.size() >= kKeysMax) return wrong("name", "more keys than a hub takes");
        keys.push_back({row["name"], row["role"], row["created"], row["state"], row["public_key"]});
    }
    return keys;
}

std::string text_of(const std::vector<AllowedKey>& keys) {
    std::string text =
        "# Whom the hubs let in over tcp://. Written by `pleiade keys bus`; hubs see a change within a "
        "second.\n";
    text += kHeader;
    for (const AllowedKey& key : keys) {
        text += key.name + ";" + key.role + ";" + key.created + ";" + key.state + ";" + key.public_key + "\n";
    }
    return text;
}

Result<std::vector<AllowedKey>> read_allowed(const std::string& file) {
    struct stat status {};
    std::ifstream stream(file, std::ios::binary);
    if (!stream || ::stat(file.c_str(), &status) != 0) {
        return invalid("BUS_KEYS_MISSING", "no list of the keys that the hub lets in can be read at " + file +
                                               ": pleiade keys bus create NAME --role ROLE begins it");
    }
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return invalid("BUS_KEY_OPEN_TO_OTHERS", file +
                                                     " can be written by others, who could let themselves in: "
                                                     "chmod 644 it, and look at it with pleiade keys bus list");
    }
    return parse_allowed(file, std::string(std::istreambuf_iterator<char>(stream), {}));
}

AllowedKeys::AllowedKeys(std::string file) : file_(std::move(file)) {
    look();
}

void AllowedKeys::look() {
    const auto now = std::chrono::steady_clock::now();
    if (looked_at_.time_since_epoch().count() != 0 && now - looked_at_ < kLookEvery) return;
    looked_at_ = now;
    struct stat status {};
    if (::stat(file_.c_str(), &status) == 0 && problem_.empty() && same_file(status, seen_)) return;
    const auto read = read_allowed(file_);
    if (!read) {
        problem_ = read.error().message;
        return;
    }
    problem_.clear();
    seen_ = status;
    keys_.clear();
    for (const AllowedKey& key : *read) keys_.emplace(key.public_key, key);
}

std::optional<AllowedKey> AllowedKeys::find(const std::string& public_key) {
    const std::lock_guard lock(mutex_);
    look();
    const auto found = keys_.find(public_key);
    return found == keys_.end() ? std::nullopt : std::optional(found->second);
}

std::string AllowedKeys::problem() const {
    const std::lock_guard lock(mutex_);
    return problem_;
}

}  // namespace pleiade::bus
