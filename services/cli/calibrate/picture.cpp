#include "services/cli/calibrate/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "common/base/interval.h"
#include "services/cli/calibrate/reliability.h"

namespace pleiade::cli {
namespace {

constexpr double kWidth = 940, kHeight = 470, kSide = 330, kTop = 90, kLeft = 70, kSecond = 530;
constexpr double kNines = 3.2;  // the axis ends there: 0.9994
constexpr double kLeastAccuracy = 0.8;
constexpr std::array kInks = {"#0c419a", "#b3420a", "#0a7d4b", "#7a3c8f", "#555555"};
constexpr std::array kDashes = {"", "6 3", "2 3", "9 3 2 3", "1 4"};

// Where decisions are taken, 0.99 and 0.999 are as far apart as 0.9 and 0.99: the axis counts nines.
double nines(double p) {
    return std::min(kNines, -std::log10(std::max(1e-9, 1 - p)));
}

std::string text(double x, double y, const std::string& words, const char* more = "") {
    return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" {}>{}</text>", x, y, more, words);
}
std::string line(double x1, double y1, double x2, double y2, const char* style) {
    return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" {}/>", x1, y1, x2, y2, style);
}

std::string frame(double left, const std::string& title, const std::string& across, const std::string& up) {
    return fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"#444\"/>", left, kTop,
                       kSide, kSide) +
           text(left, kTop - 14, title, "font-weight=\"bold\"") +
           text(left + kSide / 2, kTop + kSide + 38, across, "text-anchor=\"middle\"") +
           fmt::format("<text transform=\"translate({:.1f} {:.1f}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
                       left - 48, kTop + kSide / 2, up);
}

std::string reliability_panel(const std::vector<ReliabilityLine>& lines) {
    const auto x = [](double p) { return kLeft + nines(p) / kNines * kSide; };
    const auto y = [](double p) { return kTop + kSide - nines(p) / kNines * kSide; };
    std::string svg = frame(kLeft, "Stated and true", "stated probability", "share that is right");
    for (const double p : {0.5, 0.9, 0.99, 0.999}) {
        svg += line(x(p), kTop, x(p), kTop + kSide, "stroke=\"#ddd\"") +
               line(kLeft, y(p), kLeft + kSide, y(p), "stroke=\"#ddd\"") +
               text(x(p), kTop + kSide + 18, fmt::format("{}", p), "text-anchor=\"middle\"") +
               text(kLeft - 6, y(p) + 4, fmt::format("{}", p), "text-anchor=\"end\"");
    }
    svg += line(kLeft, kTop + kSide, kLeft + kSide, kTop, "stroke=\"#444\" stroke-dasharray=\"3 3\"");
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto* ink = kInks[i % kInks.size()];
        std::string points;
        for (const auto& bin : reliability(lines[i].samples)) {
            if (bin.samples == 0) continue;
            const auto share = wilson(bin.right, bin.samples);
            const double px = x(bin.stated), py = y(1.0 * bin.right / bin.samples);
            points += fmt::format("{:.1f},{:.1f} ", px, py);
            svg += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.5\" fill=\"{}\"/>", px, py, ink) +
                   line(px, y(share.low), px, y(share.high), fmt::format("stroke=\"{}\" opacity=\"0.4\"", ink).c_str());
        }
        const auto style = fmt::format("stroke=\"{}\" stroke-dasharray=\"{}\"", ink, kDashes[i % kDashes.size()]);
        svg += fmt::format("<polyline points=\"{}\" fill=\"none\" {}/>", points, style);
        const double row = kTop + 18 + 17 * static_cast<double>(i);
        svg += line(kLeft + 10, row - 4, kLeft + 40, row - 4, style.c_str()) +
               text(kLeft + 46, row, fmt::format("{} ({})", lines[i].name, lines[i].samples.size()));
    }
    return svg;
}

std::string straight_panel(std::vector<Sample> types) {
    const auto x = [](double share) { return kSecond + share * kSide; };
    const auto y = [](double accuracy) {
        return kTop + kSide - (std::max(accuracy, kLeastAccuracy) - kLeastAccuracy) / (1 - kLeastAccuracy) * kSide;
    };
    std::string svg = frame(kSecond, "Accuracy against straight-through", "share decided without a person",
                            "share of those typed right");
    for (int i = 0; i <= 4; ++i) {
        const double share = i / 4.0, accuracy = kLeastAccuracy + (1 - kLeastAccuracy) * i / 4;
        svg += line(x(share), kTop, x(share), kTop + kSide, "stroke=\"#ddd\"") +
               line(kSecond, y(accuracy), kSecond + kSide, y(accuracy), "stroke=\"#ddd\"") +
               text(x(share), kTop + kSide + 18, fmt::format("{:.0f} %", share * 100), "text-anchor=\"middle\"") +
               text(kSecond - 6, y(accuracy) + 4, fmt::format("{:.0f} %", accuracy * 100), "text-anchor=\"end\"");
    }
    std::sort(types.begin(), types.end(), [](const Sample& a, const Sample& b) { return a.stated > b.stated; });
    std::string points;
    int right = 0;
    for (std::size_t i = 0; i < types.size(); ++i) {
        right += types[i].right ? 1 : 0;
        if (i + 1 < types.size() && types[i + 1].stated == types[i].stated) continue;
        const auto taken = static_cast<double>(i + 1);
        points += fmt::format("{:.1f},{:.1f} ", x(taken / static_cast<double>(types.size())), y(right / taken));
    }
    return svg +
           fmt::format("<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"/>", points, kInks[0]);
}

}  // namespace

std::string draw_certainty(const std::vector<ReliabilityLine>& lines, const std::vector<Sample>& types,
                           const std::string& note) {
    return fmt::format(
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
               "font-family=\"sans-serif\" font-size=\"13\"><title>How certain the reader may be</title>"
               "<rect width=\"{0}\" height=\"{1}\" fill=\"#fff\"/>",
               kWidth, kHeight) +
           text(16, 28, "How certain the reader may be", "font-size=\"17\" font-weight=\"bold\"") +
           text(16, 48, note, "fill=\"#444\"") + reliability_panel(lines) + straight_panel(types) + "</svg>\n";
}

}  // namespace pleiade::cli
