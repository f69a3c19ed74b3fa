// Numbers read box by box, decoded under their own rule. The odds of every box give each string of characters its
// probability; the rule leaves some of them. The best of these is the value, and its posterior its share among all
// that could have been written: the other strings that satisfy the rule, and, for all that was not looked at or was
// no figure at all, the chance that a string with a wrong figure satisfies it too.
//
// The rule never repairs: a value other than the likeliest string as read says so, and needs a second match
// (judgement.h). One wrong string in 97 satisfies modulo 97, one in ten Luhn.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "services/reader/digits/odds.h"

namespace pleiade::reader::fields {

struct Decoded {
    std::string text;                 // satisfies the rule
    int changed = 0;                  // characters that are not the likeliest ones of their boxes
    double posterior = 0;             // 0 to 1
    double as_read = 0;               // probability of the likeliest string, with no rule
    std::vector<std::string> others;  // that satisfy the rule too, likeliest first, three at most
};

// `holds`: whether a string satisfies the rule. `chance`: of a string with a wrong figure to satisfy it. Nothing when
// no string near the likeliest one does. Pure; a tenth of a millisecond when the boxes are clear, ten when they are
// not.
std::optional<Decoded> decode(const std::vector<digits::Odds>& boxes,
                              const std::function<bool(const std::string&)>& holds, double chance);

}  // namespace pleiade::reader::fields
