// The files of web/ and openapi.json, put into the binary at build time by cmake/embed.cmake of this folder.
#pragma once

#include <span>
#include <string_view>

namespace pleiade::gateway {

struct Asset {
    std::string_view name;  // "index.html"
    std::string_view content_type;
    std::string_view digest;  // of the bytes, for ETag
    std::string_view bytes;
};

std::span<const Asset> all_assets();
const Asset* find_asset(std::string_view name);  // nullptr when there is none

}  // namespace pleiade::gateway
