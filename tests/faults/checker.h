// The judge of the fault bench: reads a store, its vault and what the clients were told, and checks the invariants of
// the reliability plan. Shares no code with the hub nor with `pleiade verify`: it has its own SQL, its own digests and
// its own idea of what an audit entry's bytes are (docs/formats/ledger.md), so that a mistake there shows here.
//
//   I1 conservation   I2 one state, that of the journal   I3 what was acknowledged is there
//   I4 each delivery at most once, and one per queued document   I5 fences   I6 files   I7 audit chain
//   I8 counts of lots   L1 everything has ended   L2 in quarantine: what poisons, nothing else
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tests/faults/history.h"
#include "tests/faults/store_reader.h"

namespace pleiade::faults {

struct Expected {
    bool ended = true;              // faults are over and time was given: nothing is under way any more (L1)
    bool files = true;              // read the vault
    std::set<std::string> poisons;  // pli ids; empty: quarantine is judged by its attempts alone
    bool judge_quarantine = true;
};

// Every violation found, at most 20, each with the name of its invariant; empty: none.
std::vector<std::string> check(const StorePlace& place, const History& history, const Expected& expected);

// How much is left to read, route, key, take or acknowledge.
inline constexpr char kUnderWaySql[] =
    "SELECT (SELECT count(*) FROM task WHERE state IN ('READY','LEASED','WAITING')) + (SELECT count(*) FROM delivery "
    "WHERE state IN ('QUEUED','TAKEN')) + (SELECT count(*) FROM document WHERE state IN ('TO_KEY','KEYING'))";
// Nothing is. False too when the store cannot be read.
bool at_rest(const StorePlace& place);
// One number of a query of this bench's own; -1 when it cannot be had.
long long count_in(const StorePlace& place, const std::string& sql);
// The first column of each row; none when the store cannot be read.
std::vector<std::string> texts_in(const StorePlace& place, const std::string& sql);

}  // namespace pleiade::faults
