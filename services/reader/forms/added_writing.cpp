// What was added to a blank, judged: ticks, and where there is writing to read.
#include <algorithm>
#include <cmath>
#include <map>
#include <opencv2/imgproc.hpp>

#include "common/vision/marks.h"
#include "services/reader/forms/form_page.h"

namespace pleiade::reader::forms {
namespace {

// Pixels at 200 dpi (8 a millimetre).
constexpr int kSpeck = 9;       // a mark no larger both ways is dust, or what is left of a printed edge
constexpr int kRuleHeight = 5;  // flatter and long: what is left of a rule
constexpr int kRuleLength = 60;
constexpr int kLetterHeightMin = 10;
constexpr int kTogether = 34;  // letters and words that near on a line are read as one line
constexpr int kMargin = 5;
constexpr int kInkMin = 40;  // pixels: less is no word
constexpr double kEmptyShare = 0.025, kTickedShare = 0.05, kBlackShare = 0.5;
constexpr int kBorder = 12;         // of a box to tick, and what is taken out with it
constexpr double kSpanMin = 0.4;    // of the box that a tick crosses
constexpr double kSweep = 0.8;      // of the box, both ways
constexpr double kBeyondMax = 2.6;  // times the box: a stroke that long crosses out more than one box

cv::Rect rect_of(const Box& box, cv::Size within, int margin) {
    return cv::Rect(box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin) &
           cv::Rect(0, 0, within.width, within.height);
}

TickState state_of(const PlacedZone& zone, const cv::Mat& ink) {
    const cv::Rect box = rect_of(zone.box, ink.size(), 0);
    if (box.width < 6 || box.height < 6) return TickState::Doubtful;
    const cv::Mat inside = ink(box);
    const double share = static_cast<double>(cv::countNonZero(inside)) / static_cast<double>(box.area());
    if (share < kEmptyShare) return TickState::Empty;
    if (share > kBlackShare) return TickState::Doubtful;
    const auto reach = rect_of(zone.box, ink.size(), 2 * std::max(box.width, box.height));
    cv::Rect within, beyond;
    for (const auto& mark : vision::find_marks(ink(reach), 4)) {
        const cv::Rect placed(mark.box.x + reach.x, mark.box.y + reach.y, mark.box.width, mark.box.height);
        // The box's own border was taken out with the print: a stroke across it is in two pieces.
        if ((placed & rect_of(zone.box, ink.size(), kBorder)).empty()) continue;
        const auto common = placed & box;
        if (!common.empty()) within = within.empty() ? common : within | common;
        beyond = beyond.empty() ? placed : beyond | placed;
    }
    const bool spans = within.width >= kSpanMin * box.width || within.height >= kSpanMin * box.height;
    const bool too_far = beyond.width > kBeyondMax * box.width || beyond.height > kBeyondMax * box.height;
    // A check mark goes along the box's own lines and leaves little inside; it is as large as the box, which no speck
    // is.
    const bool sweeps = beyond.width >= kSweep * box.width && beyond.height >= kSweep * box.height;
    return !too_far && (sweeps || (spans && share >= kTickedShare)) ? TickState::Ticked : TickState::Doubtful;
}

bool overlaps(const cv::Rect& mark, const cv::Rect& zone) {
    return 2 * (mark & zone).area() > mark.area();
}

}  // namespace

void decide_ticks(std::vector<PlacedZone>& zones, const cv::Mat& added_ink) {
    std::map<std::string, int> ticked;
    for (auto& zone : zones) {
        if (zone.kind != ZoneKind::Tick) continue;
        zone.tick = state_of(zone, added_ink);
        if (zone.tick == TickState::Ticked && !zone.group.empty()) ++ticked[zone.group];
    }
    // Two answers to one question: one of them was meant to be taken back.
    for (auto& zone : zones) {
        if (zone.tick == TickState::Ticked && ticked[zone.group] > 1) zone.tick = TickState::Doubtful;
    }
}

std::vector<Box> written_lines(const cv::Mat& added_ink, const std::vector<PlacedZone>& zones) {
    cv::Mat writing(added_ink.size(), CV_8UC1, cv::Scalar(0));
    std::vector<cv::Rect> taken;
    for (const auto& zone : zones) {
        const bool elsewhere =
            zone.kind == ZoneKind::Comb || zone.kind == ZoneKind::Tick || zone.kind == ZoneKind::Signature;
        if (elsewhere) taken.push_back(rect_of(zone.box, added_ink.size(), 4));
    }
    for (const auto& mark : vision::find_marks(added_ink, 6)) {
        const bool speck = mark.box.width <= kSpeck && mark.box.height <= kSpeck;
        const bool rule = (mark.box.height <= kRuleHeight && mark.box.width >= kRuleLength) ||
                          (mark.box.width <= kRuleHeight && mark.box.height >= kRuleLength);
        if (rule ||
            std::any_of(taken.begin(), taken.end(), [&](const auto& zone) { return overlaps(mark.box, zone); })) {
            continue;
        }
        // Specks are kept as part of a line (dots, accents), they only start none.
        cv::rectangle(writing, mark.box, cv::Scalar(speck ? 1 : 255), cv::FILLED);
    }
    cv::Mat joined;
    cv::morphologyEx(writing, joined, cv::MORPH_CLOSE, cv::getStructuringElement(cv::MORPH_RECT, {kTogether, 1}));
    cv::threshold(joined, joined, 128, 255, cv::THRESH_BINARY);
    std::vector<Box> lines;
    for (const auto& mark : vision::find_marks(joined, kInkMin)) {
        if (mark.box.height < kLetterHeightMin) continue;
        const auto grown =
            rect_of({mark.box.x, mark.box.y, mark.box.width, mark.box.height}, added_ink.size(), kMargin);
        if (cv::countNonZero(added_ink(grown)) < kInkMin) continue;
        lines.push_back({grown.x, grown.y, grown.width, grown.height});
    }
    std::stable_sort(lines.begin(), lines.end(), [](const Box& a, const Box& b) { return a.y < b.y; });
    return lines;
}

}  // namespace pleiade::reader::forms
