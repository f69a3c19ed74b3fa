// Codes as the shipped table of data has them read.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "services/reader/two_d_doc/document.h"

namespace pleiade::reader::two_d_doc {

inline constexpr const char* kToday = "2026-11-20";

inline const DataTable& shipped_data() {
    static const DataTable parsed = [] {
        std::ifstream file("deploy/config/two_d_doc_fields.csv", std::ios::binary);
        return *DataTable::parse(std::string(std::istreambuf_iterator<char>(file), {}), "two_d_doc_fields.csv");
    }();
    return parsed;
}

inline Document parsed(const std::string& text) {
    auto document = parse(text, shipped_data());
    EXPECT_TRUE(document) << (document ? "" : document.error().message);
    return document ? *document : Document{};
}

}  // namespace pleiade::reader::two_d_doc
