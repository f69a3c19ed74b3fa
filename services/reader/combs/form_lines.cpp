#include "services/reader/combs/form_lines.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace pleiade::reader::combs {
namespace {

constexpr int kLineInkMin = 40;        // lines of the form may be pale
constexpr int kLineReach = 4;          // pixels around where a line is expected
constexpr int kRunMax = 14;            // how far a run is followed away from the line
constexpr int kStrokeMin = 2;          // past the line: a stroke, not the line's own unevenness
constexpr int kLineBend = 3;           // how far a line may leave its own middle
constexpr int kToothGapMax = 4;        // pixels that a scan may have lost of a tooth
constexpr double kLineSeenMin = 0.25;  // of the line that a comb stands on
constexpr double kTopSeenMin = 0.6;    // of the one above, which not all have

// A line of the form seen across: `count` places along it, and how to reach the pixel `away` from it at each.
struct Across {
    int count = 0;
    std::function<std::uint8_t*(int place, int away)> pixel;  // nullptr outside of the image
};

// Ink without a gap across the line: from `begin` to `end`, both included.
struct RunAcross {
    int begin = 0, end = 0;
    bool found = false;
    int length() const { return end - begin + 1; }
};

RunAcross run_at(const Across& line, int place) {
    RunAcross run;
    int strongest = kLineInkMin, middle = 0;
    for (int away = -kLineReach; away <= kLineReach; ++away) {
        const auto* pixel = line.pixel(place, away);
        const int near = pixel == nullptr ? 0 : *pixel - 3 * std::abs(away);  // of two, the nearer one
        if (pixel != nullptr && near > strongest) {
            strongest = near;
            middle = away;
            run.found = true;
        }
    }
    const auto inked = [&](int away) {
        const auto* pixel = line.pixel(place, away);
        return pixel != nullptr && *pixel >= kLineInkMin;
    };
    run.begin = run.end = middle;
    while (run.found && middle - run.begin < kRunMax && inked(run.begin - 1)) --run.begin;
    while (run.found && run.end - middle < kRunMax && inked(run.end + 1)) ++run.end;
    return run;
}

int quantile(std::vector<int>& values, double share) {
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

std::vector<RunAcross> runs_along(const Across& line) {
    std::vector<RunAcross> runs;
    for (int place = 0; place < line.count; ++place) runs.push_back(run_at(line, place));
    return runs;
}

// A line as it is drawn, which is never quite where and how it was expected.
struct Drawn {
    int thick = 0;           // 0: nothing is drawn there
    std::vector<int> first;  // away from the line, at each place
    bool is_at(const RunAcross& run, std::size_t place) const {
        return run.found && run.begin <= first[place] + thick && run.end >= first[place] - 1;
    }
};

// 0 where nothing is drawn. Strokes cross a line at some places, and are longer there.
int thickness(const std::vector<RunAcross>& runs) {
    std::vector<int> lengths;
    for (const auto& run : runs) {
        if (run.found) lengths.push_back(run.length());
    }
    return lengths.empty() ? 0 : std::clamp(quantile(lengths, 0.4), 1, 7);
}

// `within`: places around one by which the line is followed.
Drawn drawn_line(const std::vector<RunAcross>& runs, int thick, int within) {
    Drawn drawn;
    if (thick == 0) return drawn;
    const auto first_among = [&](int from, int to) -> std::optional<int> {
        std::vector<int> begins;
        for (int place = std::max(0, from); place < std::min<int>(to, static_cast<int>(runs.size())); ++place) {
            const auto& run = runs[static_cast<std::size_t>(place)];
            if (run.found && run.length() <= thick + 1) begins.push_back(run.begin);
        }
        if (begins.empty()) return std::nullopt;
        return quantile(begins, 0.5);
    };
    const int count = static_cast<int>(runs.size());
    const auto usual = first_among(0, count);
    if (!usual) return drawn;
    drawn.thick = thick;
    drawn.first.assign(runs.size(), *usual);
    if (within >= count) return drawn;
    const int hop = std::max(1, within / 4);
    for (int from = 0; from < count; from += hop) {
        const int first = first_among(from - within, from + hop + within).value_or(*usual);
        if (std::abs(first - *usual) > kLineBend) continue;
        const auto begin = drawn.first.begin() + from;
        std::fill(begin, begin + std::min(hop, count - from), first);
    }
    return drawn;
}

// Takes a line out at a place: where it stands alone, whole; where a stroke touches it, the line alone; where one
// crosses it, nothing.
void take_out(const Across& line, const Drawn& drawn, const RunAcross& run, int place) {
    const int first = drawn.first[static_cast<std::size_t>(place)], last = first + drawn.thick - 1;
    int from = run.begin, to = run.end;
    if (run.length() > drawn.thick + 1) {
        const bool before = first - run.begin >= kStrokeMin, after = run.end - last >= kStrokeMin;
        if (before && after) return;
        if (before) from = first;
        if (after) to = last;
    }
    for (int away = from; away <= to; ++away) {
        if (auto* pixel = line.pixel(place, away)) *pixel = 0;
    }
}

// A level line of the row, where as much of it as `seen_min` is to be seen beside the strokes that cross it: the heads
// of tall figures and the bars of 5 and 7 stand at one height too, and a comb of teeth has no line above them.
void take_out_seen(const Across& line, int step, double seen_min) {
    const auto runs = runs_along(line);
    const auto drawn = drawn_line(runs, thickness(runs), step);
    if (drawn.thick == 0) return;
    int seen = 0, crossed = 0;
    for (std::size_t place = 0; place < runs.size(); ++place) {
        const bool alone = runs[place].length() <= drawn.thick + 1;
        if (!drawn.is_at(runs[place], place)) continue;
        ++(alone ? seen : crossed);
    }
    if (seen < seen_min * (line.count - crossed)) return;
    for (int place = 0; place < line.count; ++place) {
        const auto& run = runs[static_cast<std::size_t>(place)];
        if (drawn.is_at(run, static_cast<std::size_t>(place))) take_out(line, drawn, run, place);
    }
}

// A tooth, which stands on the line below and ends somewhere: what is above it is a stroke.
void take_out_tooth(const Across& line, const std::vector<RunAcross>& runs, int thick) {
    const auto drawn = drawn_line(runs, thick, line.count);
    if (drawn.thick == 0) return;
    int gap = -line.count / 3;  // how far above the line below a worn tooth may begin
    for (int place = line.count - 1; place >= 0 && gap < kToothGapMax; --place) {
        const auto& run = runs[static_cast<std::size_t>(place)];
        if (!drawn.is_at(run, static_cast<std::size_t>(place))) {
            ++gap;
            continue;
        }
        gap = 0;
        take_out(line, drawn, run, place);
    }
}

Across level_line(cv::Mat& ink, const std::function<double(int)>& y_at) {
    return {ink.cols, [&ink, y_at](int x, int away) -> std::uint8_t* {
                const int y = static_cast<int>(std::lround(y_at(x))) + away;
                return y < 0 || y >= ink.rows ? nullptr : ink.ptr<std::uint8_t>(y) + x;
            }};
}

Across upright_line(cv::Mat& ink, const UprightLine& where) {
    const int x = where.x, top = where.top - kLineReach, bottom = where.bottom + kLineReach;
    return {bottom - top, [&ink, x, top](int place, int away) -> std::uint8_t* {
                const int y = top + place, at = x + away;
                return y < 0 || y >= ink.rows || at < 0 || at >= ink.cols ? nullptr : ink.ptr<std::uint8_t>(y) + at;
            }};
}

}  // namespace

void take_out_level(cv::Mat& ink, const std::function<double(int)>& y_at, int step, LevelLine which) {
    take_out_seen(level_line(ink, y_at), step, which == LevelLine::Foot ? kLineSeenMin : kTopSeenMin);
}

// All are drawn with one pen, and it is not that of who wrote along one of them.
void take_out_teeth(cv::Mat& ink, const std::vector<UprightLine>& teeth) {
    std::vector<Across> lines;
    std::vector<std::vector<RunAcross>> runs;
    std::vector<int> thick;
    for (const auto& tooth : teeth) {
        lines.push_back(upright_line(ink, tooth));
        runs.push_back(runs_along(lines.back()));
        if (const int one = thickness(runs.back()); one > 0) thick.push_back(one);
    }
    if (thick.empty()) return;
    const int usual = quantile(thick, 0.4);
    for (std::size_t i = 0; i < lines.size(); ++i) take_out_tooth(lines[i], runs[i], usual);
}

}  // namespace pleiade::reader::combs
