// The check digit of machine-readable zones (ICAO 9303 part 3, 4.9): weights 7, 3, 1 over 0 to 9, A to Z as 10 to 35,
// the filler as 0, modulo 10.
#pragma once

#include <string_view>

namespace pleiade::reader::mrz {

// Whether `digit` is the check digit of `text`. False too when a character has no value or `digit` is none.
bool check_holds(std::string_view text, char digit);

}  // namespace pleiade::reader::mrz
