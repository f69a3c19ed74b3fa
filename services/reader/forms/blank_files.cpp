#include "services/reader/forms/blank_files.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "common/base/csv.h"

namespace pleiade::reader::forms {
namespace {

constexpr std::string_view kWordsHeader = "x\ty\twidth\theight\tblock\tline\ttext";

tl::unexpected<Error> not_ours(const std::string& file, std::string_view what) {
    return invalid("CONFIG_INVALID",
                   fmt::format("{}: {}; register the form again with `pleiade forms add`", file, what));
}

// A whole number at the front of `text`, which is then cut off with the one space or line end behind it; -1 when none.
int take_number(std::string_view& text) {
    int value = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || value < 0) return -1;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty() || (text.front() != ' ' && text.front() != '\n')) return -1;
    text.remove_prefix(1);
    return value;
}

bool to_number(std::string_view text, double& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && std::isfinite(value);
}

std::string packed(const cv::Mat& mask) {
    std::string bytes = fmt::format("P4\n{} {}\n", mask.cols, mask.rows);
    for (int y = 0; y < mask.rows; ++y) {
        const auto* row = mask.ptr<std::uint8_t>(y);
        for (int x = 0; x < mask.cols; x += 8) {
            unsigned eight = 0;
            for (int bit = 0; bit < 8; ++bit) {
                eight = eight << 1 | (x + bit < mask.cols && row[x + bit] != 0 ? 1u : 0u);
            }
            bytes.push_back(static_cast<char>(eight));
        }
    }
    return bytes;
}

// The pixels of each byte: a print is unpacked whenever its form is met, eight pixels at a time.
constexpr auto kEightPixels = [] {
    std::array<std::array<std::uint8_t, 8>, 256> pixels{};
    for (unsigned byte = 0; byte < 256; ++byte) {
        for (unsigned bit = 0; bit < 8; ++bit) pixels[byte][bit] = (byte >> (7 - bit) & 1) != 0 ? 255 : 0;
    }
    return pixels;
}();

// Takes one image off the front of `bytes`.
Result<cv::Mat> take_mask(std::string_view& bytes, const std::string& file_name) {
    if (!bytes.starts_with("P4\n")) return not_ours(file_name, "no PBM image of one bit a pixel");
    bytes.remove_prefix(3);
    const int width = take_number(bytes);
    const int height = take_number(bytes);
    if (width < 1 || height < 1 || width > kInkSideMax || height > kInkSideMax) {
        return not_ours(file_name, "an image without a size that a page can have");
    }
    const auto row_bytes = static_cast<std::size_t>(width + 7) / 8;
    const auto all_bytes = row_bytes * static_cast<std::size_t>(height);
    if (bytes.size() < all_bytes) return not_ours(file_name, "an image that is not as long as it says");
    cv::Mat mask(height, width, CV_8UC1);
    for (int y = 0; y < height; ++y) {
        const auto row = bytes.substr(static_cast<std::size_t>(y) * row_bytes, row_bytes);
        auto* to = mask.ptr<std::uint8_t>(y);
        const auto eight_at = [&](int x) {
            return kEightPixels[static_cast<unsigned char>(row[static_cast<std::size_t>(x) / 8])].data();
        };
        int x = 0;
        for (; x + 8 <= width; x += 8) std::memcpy(to + x, eight_at(x), 8);
        if (x < width) std::memcpy(to + x, eight_at(x), static_cast<std::size_t>(width - x));
    }
    bytes.remove_prefix(all_bytes);
    return mask;
}

}  // namespace

std::string write_print(const BlankPrint& print) {
    return packed(print.sure) + packed(print.all);
}

Result<BlankPrint> parse_print(std::string_view bytes, const std::string& file_name) {
    auto sure = take_mask(bytes, file_name);
    if (!sure) return pass_on(sure);
    auto all = take_mask(bytes, file_name);
    if (!all) return pass_on(all);
    if (!bytes.empty() || sure->size() != all->size()) {
        return not_ours(file_name, "two images of one size are expected, and nothing behind them");
    }
    return BlankPrint{std::move(*sure), std::move(*all)};
}

Result<cv::Mat> parse_sure_print(std::string_view bytes, const std::string& file_name) {
    return take_mask(bytes, file_name);
}

std::string write_words(const std::vector<PrintedWord>& words) {
    std::string text(kWordsHeader);
    text += '\n';
    for (const auto& word : words) {
        text += fmt::format("{:.2f}\t{:.2f}\t{:.2f}\t{:.2f}\t{}\t{}\t{}\n", word.box.x, word.box.y, word.box.width,
                            word.box.height, word.block, word.line, word.text);
    }
    return text;
}

Result<std::vector<PrintedWord>> parse_words(std::string_view text, const std::string& file_name) {
    std::vector<PrintedWord> words;
    int line_number = 0;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (++line_number == 1) {
            if (line != kWordsHeader) return not_ours(file_name + ":1:1", "the first line is not that of a word list");
            continue;
        }
        const auto cells = split(line, '\t');
        std::array<double, 6> numbers{};
        std::size_t column = 1;
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            if (cells.size() != 7 || !to_number(cells[i], numbers[i])) {
                return not_ours(fmt::format("{}:{}:{}", file_name, line_number, column),
                                "six numbers and a word are expected");
            }
            column += cells[i].size() + 1;
        }
        if (words.size() >= kWordsMax || !(numbers[2] > 0) || !(numbers[3] > 0) || cells[6].empty()) {
            return not_ours(fmt::format("{}:{}:1", file_name, line_number), "no word of a page");
        }
        PrintedWord word;
        word.box = {numbers[0], numbers[1], numbers[2], numbers[3]};
        word.block = static_cast<int>(numbers[4]);
        word.line = static_cast<int>(numbers[5]);
        word.text = cells[6];
        words.push_back(std::move(word));
    }
    return words;
}

}  // namespace pleiade::reader::forms
