// What an entry of the journal says, in French, for whoever reads a pli's story.
#pragma once

#include <string>

#include "common/wire/messages.h"

namespace pleiade::gateway {

// Never a value read on a document: kinds, states, codes and destinations only.
std::string story_text(const v1::Event& event);

}  // namespace pleiade::gateway
