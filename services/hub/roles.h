// Who may say what: the roles of the bus's keys, message by message, for both endpoints. Closed by default: what has no
// row, or names no role, is refused to every key. Who comes over ipc:// has no key, and may say everything.
#pragma once

#include <map>
#include <set>
#include <string>

namespace pleiade::hub {

enum class Door { Work, Desk };

// From the name of a message to the roles that may say it.
const std::map<std::string, std::set<std::string>>& rows_of(Door door);

bool role_may_say(Door door, const std::string& role, const std::string& message);
// Whether a worker with a key of that role may ask for tasks of that stage.
bool role_may_work(const std::string& role, const std::string& stage);

}  // namespace pleiade::hub
