#include "tests/golden/forms/real_forms.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "common/base/check.h"

namespace pleiade::golden {
namespace fs = std::filesystem;
namespace {

// Runs a program found in PATH; true when it ended well.
bool run(std::vector<std::string> words) {
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
    int status = 0;
    return child > 0 && ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

std::optional<std::filesystem::path> shared_data() {
    if (const char* folder = std::getenv("PLEIADE_SHARED_DATA"); folder != nullptr) return folder;
    const char* source = std::getenv("PLEIADE_SOURCE");
    const std::filesystem::path beside =
        std::filesystem::path(source != nullptr ? source : ".") / ".." / "shared" / "data";
    std::error_code ignored;
    if (std::filesystem::is_directory(beside / "forms_sante", ignored)) return beside;
    return std::nullopt;
}

TemporaryFolder::TemporaryFolder() {
    auto name = (std::filesystem::temp_directory_path() / "pleiade-forms-XXXXXX").string();
    PLEIADE_CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string Rendering::name() const {
    return (dpi == 0 ? "the file itself" : fmt::format("{} dpi", dpi)) + (upside_down ? ", upside down" : "");
}

bool whole_run() {
    return std::getenv("PLEIADE_FULL") != nullptr;
}

std::vector<Rendering> renderings(const fs::path& form, std::size_t index) {
    const std::vector<Rendering> all =
        form.extension() == ".pdf"
            ? std::vector<Rendering>{{200, false}, {0, false}, {300, true}, {200, true}, {300, false}}
            : std::vector<Rendering>{{0, false}, {0, true}};
    if (whole_run()) return all;
    return {all[index % all.size()]};
}

std::vector<std::string> render(const fs::path& form, const Rendering& rendering, const fs::path& into) {
    if (rendering.dpi == 0) return {form.string()};
    const auto prefix = (into / "page").string();
    EXPECT_TRUE(run({"pdftoppm", "-q", "-tiff", "-tiffcompression", "none", "-gray", "-r",
                     std::to_string(rendering.dpi), form.string(), prefix}))
        << "pdftoppm (poppler-utils) could not render " << form;
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(into)) files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    return files;
}

std::vector<std::string> papers_below(const fs::path& data, const std::string& folder) {
    static const std::set<std::string> kinds = {".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff"};
    std::vector<std::string> papers;
    for (const auto& entry : fs::recursive_directory_iterator(data / folder)) {
        if (entry.is_regular_file() && kinds.contains(entry.path().extension().string())) {
            papers.push_back(fs::relative(entry.path(), data).string());
        }
    }
    std::sort(papers.begin(), papers.end());
    return papers;
}

}  // namespace pleiade::golden
