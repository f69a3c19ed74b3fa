// The numbers that the scanner printed on a pli's sheets, to find it by. Private to common/ledger.
#pragma once

#include <cstdint>
#include <string>

#include "common/ledger/sql/database.h"

namespace pleiade::ledger {

// As people write it or not, one number: without spaces, in capitals.
std::string plain_number(const std::string& text);

// From the pli's entry of the manifest, as received ("endorsers": ["A0001230"]). An entry that cannot be read has none.
void store_endorsers(Database& database, std::int64_t pli_n, const std::string& manifest_json);

}  // namespace pleiade::ledger
