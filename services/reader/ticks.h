// What the boxes to tick of a document answer, and what that says of the type of their document.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/domain/reading.h"
#include "common/domain/tick_rules.h"
#include "services/reader/forms/form_page.h"

namespace pleiade::reader {

// By page: those of its registered form, or those that were found on it.
using TickZones = std::map<int, const std::vector<forms::PlacedZone>*>;

// One answer a question over the pages of a document. A question is the group of its boxes, an answer what the name of
// the ticked box adds to it ("third_party", "third_party_yes"); a number behind tells boxes apart that ask the same
// again. Volets repeat each other's boxes: an empty one says nothing against one that is ticked, two different answers
// are a doubt. A question nobody answered is left out.
std::vector<Tick> ticks_of(const std::vector<int>& pages, const TickZones& zones);

// Gives the document the type that one of its ticks names. A doubtful tick that could name one makes it uncertain.
void take_type_from_ticks(const TickRules& rules, DocumentReading& document);

}  // namespace pleiade::reader
