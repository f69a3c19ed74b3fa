// What the data of a code say, as fields of the contract.
#pragma once

#include <string>
#include <vector>

#include "services/reader/two_d_doc/document.h"
#include "services/reader/two_d_doc/seal.h"

namespace pleiade::reader::two_d_doc {

struct Claim {
    std::string field;
    std::string value;
    FieldStatus status = FieldStatus::Unchecked;
};

// Only what the data table maps to a field, whole and under the rule of that field. `Valid` when the signature is
// verified and every datum was told apart; `Unchecked` when not; nothing at all when it is false. `received_on`:
// nothing is dated after it. Pure.
std::vector<Claim> claims_of(const Document& document, const DataTable& table, Seal seal, const Date& received_on);

}  // namespace pleiade::reader::two_d_doc
