// Whom a hub lets in over tcp://: public keys, each with a name and a role, in a file that is read again when it
// changes.
//
// Operation: `find` answers from the file as it was at most a second ago, so that a revoked key is refused within a
// second. A file that is gone or cannot be understood leaves the former list in force, and `problem` says so.
// Concurrency: any thread. Limits: 10 000 keys.
#pragma once

#include <sys/stat.h>

#include <array>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace pleiade::bus {

// What a key is for. What each may say is the hub's to know.
inline constexpr std::array kRoles = {"scanner", "reader", "router", "gateway", "ops", "hub"};
inline constexpr char kLocalRole[] = "local";  // of who came by ipc://, which its folder guards

struct AllowedKey {
    std::string name;
    std::string role;
    std::string created;  // 2026-11-22T20:00:00Z
    std::string state;    // "good", "revoked"
    std::string public_key;

    bool good() const { return state == "good"; }
};

// A name can stand in logs, journals and the name of a worker: lower case, digits, `.` and `-`, 48 at most.
bool is_key_name(std::string_view text);

// `file`: what errors name. Errors: CONFIG_INVALID with line and column.
Result<std::vector<AllowedKey>> parse_allowed(const std::string& file, std::string_view text);
std::string text_of(const std::vector<AllowedKey>& keys);
// Errors besides: BUS_KEYS_MISSING, BUS_KEY_OPEN_TO_OTHERS (others can write it).
Result<std::vector<AllowedKey>> read_allowed(const std::string& file);

class AllowedKeys {
  public:
    explicit AllowedKeys(std::string file);

    // Empty for a key that nobody has been given; one that was revoked is found, and is not good.
    std::optional<AllowedKey> find(const std::string& public_key);
    // Empty when the file is as it should be.
    std::string problem() const;

  private:
    void look();

    const std::string file_;
    mutable std::mutex mutex_;
    std::map<std::string, AllowedKey> keys_;  // under `mutex_`, as all below
    std::string problem_;
    struct stat seen_ {};
    std::chrono::steady_clock::time_point looked_at_{};
};

}  // namespace pleiade::bus
