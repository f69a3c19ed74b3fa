// Every list and search that a screen asks, with values that the store holds, differing from one time to the next.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/ledger/ledger.h"

namespace pleiade::bench {

// What is looked for, drawn from the store: from its first pli to its last.
struct Known {
    std::vector<std::string> plis;  // identifiers
    std::vector<std::string> documents;
    std::vector<std::string> lots;
    std::vector<std::string> endorsers;
    std::vector<std::string> registered;
    std::vector<std::string> days;  // of receipt
    std::vector<std::string> caisses, types, services, states;
};
Known known_of(ledger::LedgerReader& reader);

struct Question {
    std::string name;
    // Asks for the i-th time; how many rows came.
    std::function<int(ledger::LedgerReader& reader, int i)> ask;
};
std::vector<Question> questions(const Known& known);

}  // namespace pleiade::bench
