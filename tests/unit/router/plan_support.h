// The delivered configuration, and copies of it with one table changed.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "services/router/router.h"

namespace pleiade::router {

inline std::string delivered_config() {
    const char* source = std::getenv("PLEIADE_SOURCE");
    return std::string(source == nullptr ? "." : source) + "/deploy/config";
}

inline std::unique_ptr<Router> delivered_router() {
    auto router = Router::open(delivered_config());
    EXPECT_TRUE(router) << router.error().message;
    return router ? std::move(*router) : nullptr;
}

// A private copy of the delivered tables, removed at the end.
class ConfigCopy {
  public:
    ConfigCopy() {
        std::string name = (std::filesystem::temp_directory_path() / "pleiade-config-XXXXXX").string();
        folder_ = mkdtemp(name.data());
        for (const auto& entry : std::filesystem::directory_iterator(delivered_config())) {
            if (entry.is_regular_file()) std::filesystem::copy(entry.path(), folder_ / entry.path().filename());
        }
    }
    ~ConfigCopy() { std::filesystem::remove_all(folder_); }
    ConfigCopy(const ConfigCopy&) = delete;
    ConfigCopy& operator=(const ConfigCopy&) = delete;

    std::string folder() const { return folder_.string(); }
    std::string text(const std::string& table) const {
        std::ifstream stream(folder_ / table, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    void write(const std::string& table, const std::string& text) const {
        std::ofstream(folder_ / table, std::ios::binary) << text;
    }
    void append(const std::string& table, const std::string& row) const { write(table, text(table) + row); }
    void replace(const std::string& table, const std::string& before, const std::string& after) const {
        auto content = text(table);
        const auto at = content.find(before);
        ASSERT_NE(at, std::string::npos) << table << " does not hold " << before;
        write(table, content.replace(at, before.size(), after));
    }
    void remove(const std::string& table) const { std::filesystem::remove(folder_ / table); }
    std::unique_ptr<Router> open() const {
        auto router = Router::open(folder());
        EXPECT_TRUE(router) << router.error().message;
        return router ? std::move(*router) : nullptr;
    }
    std::string problems() const {
        const auto router = Router::open(folder());
        if (router) return "";
        EXPECT_EQ(router.error().code, "CONFIG_INVALID");
        return router.error().message;
    }

  private:
    std::filesystem::path folder_;
};

}  // namespace pleiade::router
