#include "tests/golden/forms/real_forms.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "common/base/check.h"
#include "common/vision/decode.h"

namespace pleiade::golden {
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
    return dpi == 0 ? "the file itself" : fmt::format("{} dpi{}", dpi, upside_down ? ", upside down" : "");
}

std::vector<Rendering> renderings(std::size_t index) {
    const std::vector<Rendering> all = {{200, false}, {300, true}, {0, false}, {300, false}, {200, true}};
    if (std::getenv("PLEIADE_FULL") != nullptr) return all;
    return {all[index % all.size()]};
}

std::vector<std::string> render(const std::filesystem::path& form, const Rendering& rendering,
                                const std::filesystem::path& into) {
    if (rendering.dpi == 0 || form.extension() != ".pdf") return {form.string()};
    const auto prefix = (into / fmt::format("page-{}", rendering.dpi)).string();
    EXPECT_TRUE(run({"pdftoppm", "-q", "-png", "-gray", "-r", std::to_string(rendering.dpi), form.string(), prefix}))
        << "pdftoppm (poppler-utils) could not render " << form;
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(into)) {
        const auto file = entry.path().string();
        if (!file.starts_with(prefix + "-") || entry.path().extension() != ".png") continue;
        files.push_back(file);
    }
    std::sort(files.begin(), files.end());
    return files;
}

reader::PliFiles pli_of(const std::vector<std::string>& files) {
    reader::PliFiles pli;
    pli.context.lot = "golden";
    pli.context.pli = "0001";
    pli.context.caisse = "595";
    pli.context.received_on = "2026-11-20";
    vision::DecodeOptions count;
    count.pixels = false;
    count.codes = false;
    int page = 1;
    for (const auto& file : files) {
        const auto counted = vision::decode_file(file, count);
        EXPECT_TRUE(counted) << file << ": " << (counted ? "" : counted.error().message);
        const int images = counted ? static_cast<int>(counted->sizes.size()) : 0;
        for (int i = 0; i < images; ++i) {
            pli.pages.push_back({page++, static_cast<int>(pli.paths.size()), i, std::nullopt});
        }
        pli.paths.push_back(file);
    }
    return pli;
}

}  // namespace pleiade::golden
