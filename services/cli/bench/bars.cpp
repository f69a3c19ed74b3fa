#include "services/cli/bench/bars.h"

#include <fmt/format.h>

#include <algorithm>

namespace pleiade::cli {
namespace {

constexpr int kWidth = 760, kNames = 190, kRow = 26, kTop = 64;

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '<') {
            out += "&lt;";
        } else if (c == '&') {
            out += "&amp;";
        } else {
            out += c;
        }
    }
    return out;
}

}  // namespace

std::string draw_bars(const std::string& title, const std::string& note, const std::string& unit,
                      std::vector<Bar> bars) {
    std::stable_sort(bars.begin(), bars.end(), [](const Bar& a, const Bar& b) { return a.value > b.value; });
    const double longest = bars.empty() || bars.front().value <= 0 ? 1 : bars.front().value;
    const int height = kTop + kRow * static_cast<int>(bars.size()) + 16;
    std::string svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
        "font-family=\"sans-serif\" font-size=\"14\"><title>{2}</title><rect width=\"{0}\" height=\"{1}\" "
        "fill=\"#fff\"/><text x=\"16\" y=\"26\" font-size=\"17\" font-weight=\"bold\">{2}</text>"
        "<text x=\"16\" y=\"46\" fill=\"#444\">{3}</text>",
        kWidth, height, escaped(title), escaped(note));
    int y = kTop;
    for (const auto& bar : bars) {
        const double length = bar.value / longest * (kWidth - kNames - 130);
        svg += fmt::format(
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text><rect x=\"{}\" y=\"{}\" width=\"{:.1f}\" "
            "height=\"{}\" fill=\"#0c419a\"/><text x=\"{:.1f}\" y=\"{}\">{:.1f} {}</text>",
            kNames - 8, y + 17, escaped(bar.name), kNames, y + 4, std::max(1.0, length), kRow - 8, kNames + length + 6,
            y + 17, bar.value, escaped(unit));
        y += kRow;
    }
    return svg + "</svg>\n";
}

}  // namespace pleiade::cli
