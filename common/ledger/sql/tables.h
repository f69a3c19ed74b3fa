// Every table of the ledger with what a copy of it needs: its columns, and the order in which both engines give its
// rows alike. Private to common/ledger. Tables that others refer to come first.
#pragma once

#include <string_view>
#include <vector>

namespace pleiade::ledger {

struct Table {
    const char* name;
    const char* columns;        // those that both engines have; `beat` moves in PostgreSQL only, and starts at 0
    const char* key;            // no two rows alike
    bool has_one_row = false;   // which a new store has already
    bool numbers_rows = false;  // gives new rows the next `n`
};

const std::vector<Table>& tables();
int column_count(const Table& table);

}  // namespace pleiade::ledger
