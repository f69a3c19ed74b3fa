// The kind of an error as messages say it: Refused.kind, RecoveryOutcome.kind. Pure.
#pragma once

#include <string_view>

#include "common/base/result.h"

namespace pleiade::wire {

const char* word_of(ErrorKind kind);
// A word that is not known, from a newer program, is Invalid: it is not asked again.
ErrorKind error_kind_of(std::string_view word);

}  // namespace pleiade::wire
