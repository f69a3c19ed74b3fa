#include "tests/tidy/tree.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace pleiade::tidy {
namespace fs = std::filesystem;

std::string root() {
    const char* source = std::getenv("PLEIADE_SOURCE");
    return source != nullptr ? source : fs::current_path().string();
}

const std::vector<SourceFile>& source_files() {
    static const std::vector<SourceFile> files = [] {
        std::vector<SourceFile> found;
        for (const auto* top : {"common", "services", "tests"}) {
            for (const auto& entry : fs::recursive_directory_iterator(fs::path(root()) / top)) {
                const auto extension = entry.path().extension();
                if (entry.path().string().find("node_modules") != std::string::npos) continue;
                if (!entry.is_regular_file() || (extension != ".h" && extension != ".cpp")) continue;
                SourceFile file{fs::relative(entry.path(), root()).string(), {}};
                std::ifstream stream(entry.path());
                for (std::string line; std::getline(stream, line);) file.lines.push_back(line);
                found.push_back(std::move(file));
            }
        }
        std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
        return found;
    }();
    return files;
}

}  // namespace pleiade::tidy
