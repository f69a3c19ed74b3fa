// How a command ends when it cannot do what was asked: one line, code first, and the exit code of that kind of error.
#pragma once

#include "common/base/result.h"

namespace pleiade::cli {

int fail_with(const Error& error);

}  // namespace pleiade::cli
