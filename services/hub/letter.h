// A message with whom it comes from or goes to.
#pragma once

#include <optional>
#include <string>

#include "common/wire/messages.h"

namespace pleiade::hub {

struct Letter {
    std::string peer;
    v1::Envelope envelope;
    std::optional<int> search_found{};  // a search that the desk has answered, to be noted before the answer leaves
};

}  // namespace pleiade::hub
