// The accounts of a home that has none.
#pragma once

#include <string>

#include "common/bus/client.h"

namespace pleiade::cli {

// What to print; empty when there are accounts already, or the hub does not answer yet (`asked` stays false).
// With `demo`: one account per role and one password for all, for invented mail. Else, on a terminal: an administrator,
// with a password for once; without a terminal nothing is made, since what is printed goes into a log.
std::string first_accounts(bus::Client& desk, bool demo, bool terminal, bool& asked);

}  // namespace pleiade::cli
