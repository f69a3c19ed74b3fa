// The keys of the bus on this host: pairs in files of their own, and the list of whom the hubs let in.
//
// Operation: each verb reads the list, changes it and puts it back whole, under a lock, so that two at once follow each
// other; hubs see the change within a second. A secret never leaves its file. A rotation that is cut off is ended by
// `finish`, or begun again. Limits: a name never serves twice.
// Errors: BUS_KEY_NAME_INVALID, BUS_KEY_INVALID (Invalid), BUS_KEY_EXISTS, BUS_KEY_ROTATING, BUS_KEY_ROTATED_ELSEWHERE
// (Conflict), BUS_KEY_UNKNOWN (NotFound), those of read_allowed(), NOT_WRITTEN.
#pragma once

#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/bus/allowed_keys.h"

namespace pleiade::cli {

struct BusKeyMade {
    bus::AllowedKey key;
    std::string file;  // of its secret; empty where that is elsewhere
};

class BusKeyRing {
  public:
    // `folder` holds the pairs made here, `allowed_file` the list.
    BusKeyRing(std::string folder, std::string allowed_file, const Clock& clock)
        : folder_(std::move(folder)), allowed_file_(std::move(allowed_file)), clock_(clock) {}

    // `file`: of the new secret; empty: <role>.key of the folder, where that role's process looks for it.
    Result<BusKeyMade> create(const std::string& name, const std::string& role, const std::string& file);
    Result<BusKeyMade> allow(const std::string& public_key, const std::string& name, const std::string& role);
    // A second key beside the first. `public_key`: of a pair made on another host; empty: makes one in the place of the
    // pair that is here. A hub goes on with its first until `finish`, so that everybody else can learn of the second.
    Result<BusKeyMade> rotate(const std::string& name, const std::string& public_key);
    // The older key is revoked; a hub's second takes its place.
    Result<BusKeyMade> finish(const std::string& name);
    Result<void> revoke(const std::string& name);
    Result<std::vector<bus::AllowedKey>> list() const;

  private:
    using Keys = std::vector<bus::AllowedKey>;
    Result<Keys> list_without(const std::string& name) const;
    bus::AllowedKey key_of(const std::string& name, const std::string& role, const std::string& public_key) const;
    Result<BusKeyMade> add(Keys keys, const bus::AllowedKey& key, const std::string& file);
    Result<void> write(const Keys& keys) const;
    std::string file_of(const std::string& public_key) const;
    static Result<std::string> put_in_place(const std::string& next);

    const std::string folder_;
    const std::string allowed_file_;
    const Clock& clock_;
};

}  // namespace pleiade::cli
