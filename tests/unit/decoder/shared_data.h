// The real files beside the project, when they are there.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace pleiade::golden {

inline std::filesystem::path source_folder() {
    const char* named = std::getenv("PLEIADE_SOURCE");
    return named ? std::filesystem::path(named) : std::filesystem::current_path();
}

inline std::filesystem::path shared_data() {
    if (const char* named = std::getenv("PLEIADE_SHARED_DATA")) return named;
    return source_folder() / ".." / "shared" / "data";
}

// The files below a folder of the shared data, relative to it, sorted; texts that go with them left out.
inline std::vector<std::string> files_of(const std::string& folder) {
    std::vector<std::string> files;
    std::error_code none;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(shared_data() / folder, none)) {
        if (!entry.is_regular_file() || entry.path().extension() == ".txt") continue;
        files.push_back(std::filesystem::relative(entry.path(), shared_data()).string());
    }
    std::sort(files.begin(), files.end());
    return files;
}

// Two at a time: the children do the work.
template <class Function>
void for_each_in_pairs(std::size_t count, Function function) {
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (std::size_t i = next++; i < count; i = next++) function(i);
    };
    std::thread other(work);
    work();
    other.join();
}

}  // namespace pleiade::golden

// Says so when the data are not there.
#define PLEIADE_NEEDS_SHARED_DATA(folder)                                                       \
    if (!std::filesystem::exists(pleiade::golden::shared_data() / (folder))) {                  \
        GTEST_SKIP() << "skipped: no " << (pleiade::golden::shared_data() / (folder)).string(); \
    }
