// The keys of the bus: CURVE pairs, the file that holds one, and whether a process has those that its endpoints need.
//
// Operation: an end of a tcp:// endpoint has a pair of its own; the public half says who it is, the secret half stays
// in its file. Keys are text, 40 characters of Z85. Concurrency: any thread. A secret is never formatted or logged.
// Errors: BUS_KEYS_MISSING, BUS_KEY_INVALID, BUS_KEY_OPEN_TO_OTHERS (Invalid), each with what to do.
#pragma once

#include <string>
#include <vector>

#include "common/base/hub_address.h"
#include "common/base/result.h"

namespace pleiade::bus {

struct KeyPair {
    std::string public_key;
    std::string secret_key;
};

// What a hub needs for tcp://: its own key, and whom it lets in (allowed_keys.h).
struct HubKeys {
    std::string key_file{};
    std::string allowed_file{};
};

KeyPair make_key_pair();
// The first 8 hexadecimal digits of the SHA-256 of the public key: what people, journals and logs call it by.
std::string fingerprint_of(const std::string& public_key);

std::string text_of(const KeyPair& pair);  // as the file holds it
// Refuses a file that others than its owner can read; one of root's may be read by its group, as containers mount them.
Result<KeyPair> read_key_pair(const std::string& file);

// The own pair of who speaks to these hubs; an empty one when none of them is reached over tcp://.
Result<KeyPair> own_keys(const HubAddress& hubs);
// Whether the keys that tcp:// endpoints need are there and good.
Result<void> check_keys(const HubAddress& hubs);
Result<void> check_keys(const std::vector<std::string>& endpoints, const HubKeys& keys);

}  // namespace pleiade::bus
