// Fields that a page states in a writing made for machines, a 2D-Doc code or a machine-readable zone, and how they join
// those that were read in its text.
#pragma once

#include <string>
#include <vector>

#include "common/domain/reading.h"

namespace pleiade::reader {

struct StatedField {
    std::string field;  // of the contract
    FieldValue value;
};

// A stated value that is valid takes the place of what was read less surely; where the text's own value is valid and
// another one, neither is, and a reason says so. Stated values that are not valid only fill what is empty or unsure.
// Two valid statements that differ make neither valid. Pure.
void join_stated(const std::vector<StatedField>& stated, Fields& fields, std::vector<Reason>& reasons);

}  // namespace pleiade::reader
