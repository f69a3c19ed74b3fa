// What the machine said, beside what is true: the lines of `pleiade read --json` joined with those of a truth in the
// same form (of invented mail, or of keyed documents).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace pleiade::cli {

// One statement with its probability.
struct Sample {
    double stated = 0;  // 0 to 1
    bool right = false;
};

struct JudgedType {
    Sample sample;
    std::string read;  // what the machine named; UNKNOWN: nothing
    std::string truth;
    bool automatic = false;  // nobody looked
};

struct Judged {
    int plis = 0;
    std::vector<JudgedType> types;                      // one per document that was drawn and found
    std::map<std::string, std::vector<Sample>> fields;  // by name; one per value read
};

// A document is the one that holds the true one's first page. Plis that only one side has are left out.
// Errors: INPUT_INVALID, with the line.
Result<Judged> judge_readings(std::string_view readings, std::string_view truths);

}  // namespace pleiade::cli
