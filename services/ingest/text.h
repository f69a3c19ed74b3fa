// Words that come from outside: which are fit to be shown, and how the others are written so that no log line, report
// or folder is fooled by them.
#pragma once

#include <string>
#include <string_view>

namespace pleiade::ingest {

// Valid UTF-8 without control characters, line separators or marks that reverse the direction of writing.
bool is_plain_text(std::string_view text);

// Control and invalid bytes as \xNN, the reversing marks too; plain text stays as it is.
std::string escaped(std::string_view text);

// One path component for any plain text, the same each time: what is not a letter, digit, '.', '-', '_' or space is
// written %XX, so are a leading dot and both ends' spaces; beyond kFolderNameBytesMax the end gives way to a digest.
std::string folder_name(std::string_view text);
inline constexpr std::size_t kFolderNameBytesMax = 200;

}  // namespace pleiade::ingest
