// What stands beside a form's TOML file: the print of the blank page (two PBM images of one bit a pixel in one file:
// the sure print, which any image viewer shows, and all of it) and the words printed on it (tab-separated). Strict:
// whatever is not exactly what we write is refused.
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "services/reader/forms/form.h"

namespace pleiade::reader::forms {

inline constexpr int kInkSideMax = 4000;          // A2 at 150 dpi is 3508
inline constexpr std::size_t kWordsMax = 10'000;  // a page full of small print has some 2 000

std::string write_print(const BlankPrint& print);
// Error: CONFIG_INVALID.
Result<BlankPrint> parse_print(std::string_view bytes, const std::string& file_name);
// The sure print alone, without a look at what follows it: of bytes that were parsed whole before.
Result<cv::Mat> parse_sure_print(std::string_view bytes, const std::string& file_name);

std::string write_words(const std::vector<PrintedWord>& words);
// Error: CONFIG_INVALID with file, line and column.
Result<std::vector<PrintedWord>> parse_words(std::string_view text, const std::string& file_name);

}  // namespace pleiade::reader::forms
