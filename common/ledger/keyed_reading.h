// What a person settled, laid over the reading that she was shown. Pure rules: no store, no clock.
//
// Held by these rules: each page of the lease stands in exactly one document or in none, by its kind; a document whose
// set of pages changes gets a new number and the old one is superseded; each value passes its own check or says that
// it is kept in spite of it; the fields that the type requires are said, one way or another.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/domain/nomenclature.h"
#include "common/wire/messages.h"

namespace pleiade::ledger {

struct KeyingGround {
    const v1::Reading& reading;     // of the pli, now
    std::set<int> held;             // numbers of the documents of the lease
    std::set<int> keyed_elsewhere;  // of these, the ones whose fields the service keys: nothing is required here
    int last_number = 0;            // of any document that the pli ever had
    const Nomenclature* types = nullptr;
};

struct KeyedReading {
    v1::Reading reading;
    std::set<int> kept, created, superseded;
    std::vector<v1::KeyingProblem> problems;  // when there is one, the rest means nothing
};

KeyedReading lay_over(const KeyingGround& ground, const v1::ValidateKeying& keyed);

// The same reading, with another type for one document, settled by a person; its fields are asked for as its new type
// requires. The document must be in it.
v1::Reading reclassified(const v1::Reading& reading, int number, const std::string& type);

// A pli that no reader could read: one document of unknown type over every page that is not known to be a separator
// or an envelope.
v1::Reading read_by_nobody(const google::protobuf::RepeatedPtrField<v1::PageRef>& pages);

}  // namespace pleiade::ledger
