// The parts of the style that a machine can hold.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

#include "tests/tidy/tree.h"

namespace pleiade::tidy {
namespace {

constexpr std::size_t kLinesMax = 450;  // past that there is a second idea inside

TEST(Style, KeepsOneIdeaPerFile) {
    for (const auto& file : source_files()) {
        EXPECT_LE(file.lines.size(), kLinesMax) << file.path << " is too long: is there a second idea inside?";
    }
}

TEST(Style, GuardsEveryHeaderOnce) {
    for (const auto& file : source_files()) {
        if (!file.path.ends_with(".h")) continue;
        std::size_t guards = 0;
        for (const auto& line : file.lines) guards += line == "#pragma once" ? 1 : 0;
        EXPECT_EQ(guards, 1u) << file.path;
        ASSERT_FALSE(file.lines.empty());
        EXPECT_EQ(file.lines.front().rfind("//", 0), 0u) << file.path << " does not begin by saying what it is for";
    }
}

TEST(Style, GivesEveryModuleAReadme) {
    for (const auto* top : {"common", "services"}) {
        for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(root()) / top)) {
            if (!entry.is_directory()) continue;
            EXPECT_TRUE(std::filesystem::exists(entry.path() / "README.md"))
                << entry.path().filename() << ": why does this exist, what belongs here?";
        }
    }
}

TEST(Style, IsFormatted) {
    std::string list;
    for (const auto& file : source_files()) list += " '" + root() + "/" + file.path + "'";
    const auto command = "clang-format --dry-run --Werror" + list + " 2>&1 | grep error | cut -d: -f1 | sort -u";
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    ASSERT_TRUE(pipe);
    std::string output;
    std::array<char, 512> buffer{};
    while (std::fgets(buffer.data(), buffer.size(), pipe.get()) != nullptr) output += buffer.data();
    EXPECT_EQ(output, "") << "run clang-format -i on these files";
}

}  // namespace
}  // namespace pleiade::tidy
