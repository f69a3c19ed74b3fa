#include "tests/support/temporary_folder.h"

#include <cstdlib>
#include <fstream>
#include <vector>

#include "common/base/check.h"

namespace pleiade::test {
namespace fs = std::filesystem;
namespace {

fs::path from_environment(const char* name, const fs::path& otherwise) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' ? fs::path(value) : otherwise;
}

fs::path source_folder() {
    return from_environment("PLEIADE_SOURCE", fs::current_path());
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "pleiade-test-XXXXXX").string();
    PLEIADE_CHECK(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

void write_file(const fs::path& path, const std::string& content) {
    fs::create_directories(path.parent_path());
    std::ofstream stream(path, std::ios::binary);
    stream << content;
    PLEIADE_CHECK(stream.good());
}

fs::path shared_data() {
    const auto folder = from_environment("PLEIADE_SHARED_DATA", source_folder() / "../shared/data");
    return fs::exists(folder / "MANIFEST.tsv") ? fs::canonical(folder) : fs::path();
}

fs::path config_folder() {
    return source_folder() / "deploy/config";
}

fs::path programs() {
    return from_environment("PLEIADE_BIN", source_folder() / "build/dev/bin");
}

}  // namespace pleiade::test
