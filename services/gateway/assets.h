// The web application as Vite built it, and openapi.json, put into the binary at build time by cmake/embed.cmake.
#pragma once

#include <span>
#include <string_view>

namespace pleiade::gateway {

struct Asset {
    std::string_view name;  // "index.html"
    std::string_view content_type;
    std::string_view digest;  // of the bytes, for ETag
    std::string_view bytes;
    std::string_view gzip;  // the same, compressed; empty when it was not
};

std::span<const Asset> all_assets();
const Asset* find_asset(std::string_view name);  // nullptr when there is none

}  // namespace pleiade::gateway
