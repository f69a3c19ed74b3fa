// Starts a program of the bench: it dies with the thread that started it, and what it prints goes to the end of a file.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace pleiade::faults {

// `variables`: "NAME=value", besides this process's own. Throws when there is no process left to make.
pid_t spawn(const std::vector<std::string>& words, const std::vector<std::string>& variables, const std::string& log);

}  // namespace pleiade::faults
