// Codes hold bytes; barcode readers give text, in which each byte of Latin-1 above 7F became two.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pleiade::reader::two_d_doc {

// The bytes again. Nothing when the text holds a character that is no byte.
std::optional<std::string> latin1_of(std::string_view utf8);

}  // namespace pleiade::reader::two_d_doc
