// Our own source files, as lines.
#pragma once

#include <string>
#include <vector>

namespace pleiade::tidy {

struct SourceFile {
    std::string path;  // from the root: "common/base/result.h"
    std::vector<std::string> lines;
};

// Every .h and .cpp of common/, services/ and tests/.
const std::vector<SourceFile>& source_files();
std::string root();

}  // namespace pleiade::tidy
