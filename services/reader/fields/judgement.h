// From what was seen to what is said: whose value each finding is, and whether it may be called valid.
//
// A value is `valid` when its own rule holds, it was read as is, the OCR was sure, and nothing in the document
// contradicts it. A second match (the same number at another place, a birth date that agrees with a NIR) makes up for
// weak reading or for a character taken for another one; the key alone never does: a wrong number satisfies modulo 97
// once in 97 times and Luhn once in ten.
#pragma once

#include "services/reader/fields/finding.h"

namespace pleiade::reader::fields {

// Whether text recognition, by the mean over its figures and its weakest word, is sure enough of a number whose key is
// modulo 97.
bool read_surely_under_modulo_97(double mean, double weakest);

Fields judge(const Findings& findings, const FieldHints& hints);

}  // namespace pleiade::reader::fields
