#include "services/cli/answers.h"

#include <fmt/format.h>

#include "common/runtime/service.h"

namespace pleiade::cli {

int fail_with(const Error& error) {
    fmt::print(stderr, "{}: {}\n", error.code, error.message);
    return runtime::exit_code_of(error);
}

}  // namespace pleiade::cli
