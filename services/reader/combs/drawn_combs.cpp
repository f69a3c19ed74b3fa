#include "services/reader/combs/drawn_combs.h"

#include <algorithm>
#include <cmath>

#include "services/reader/combs/lines.h"

namespace pleiade::reader::combs {
namespace {

// Pixels at 200 dpi (8 a millimetre).
constexpr double kStepMin = 24;
constexpr double kStepMax = 76;
constexpr double kApartMax = 62;                             // between the groups of one row
constexpr double kStepSlack = 3.2, kStepSlackShare = 0.025;  // printed cells are as wide one as the other
constexpr double kGroupGapMax = 0.62;                        // of the step: between groups no cell fits
constexpr int kCellsMin = 4;
constexpr int kStepsTried = 5;
constexpr std::size_t kEdgesMax = 160;
constexpr double kToothLeftOut = 0.25;  // of the path: a stroke of writing, probably
constexpr double kGapLeftOut = 0.45;    // writing makes none
constexpr double kCoveredMin = 0.6;     // of a cell's width by the rule under it
constexpr double kNarrowMax = 14;       // between bars that stand for cells
constexpr double kSameEdge = 5;
constexpr double kEven = 2.2;
// What tells combs from text, underlined words and tables: on ten pages of real forms, and on combs drawn and filled
// in.
constexpr double kSeenMin = 0.66, kCoveredMean = 0.76, kEvenMin = 0.74, kStrict = 0.88;
constexpr int kManyCells = 7;
struct Most {
    double thick, gaps, teeth;  // the last two left out, for each cell
};
constexpr double kHighMin = 22, kHighMax = 80;  // of cells
constexpr Most kMost{0.22, 0.34, 1.4}, kMostIfStrict{0.30, 0.5, 1.9};

enum class EdgeKind { Tooth, Gap, End };
struct Edge {
    double x = 0;
    EdgeKind kind = EdgeKind::End;
};

// A gap as narrow as most is the border of two cells, a wider one stands between groups, and the cells beside it reach
// half of a narrow one into it.
void add_gaps(const Trace& trace, std::vector<Edge>& edges) {
    const auto gaps = trace.gaps();
    std::vector<double> narrow;
    for (const auto& gap : gaps) {
        if (gap.width() <= kNarrowMax) narrow.push_back(gap.width());
    }
    double usual = 0;
    if (narrow.size() >= 3) {
        const auto middle = narrow.begin() + static_cast<std::ptrdiff_t>(narrow.size() / 2);
        std::nth_element(narrow.begin(), middle, narrow.end());
        usual = *middle;
    }
    const auto add_end = [&](double x, double outwards) {
        edges.push_back({x, EdgeKind::End});
        if (usual > 0) edges.push_back({x + outwards * usual / 2, EdgeKind::End});
    };
    for (const auto& gap : gaps) {
        if (gap.width() <= 1.5 * usual + 1) {
            edges.push_back({(gap.left + gap.right) / 2, EdgeKind::Gap});
        } else {
            add_end(gap.left, 1);
            add_end(gap.right, -1);
        }
    }
    add_end(trace.left(), -1);
    add_end(trace.right(), 1);
}

std::vector<Edge> edges_of(const cv::Mat& grey, const Line& line, const Trace& trace, int contrast) {
    std::vector<Edge> edges;
    const auto add_teeth = [&](const Rule& rule) {
        for (const double x : find_teeth(grey, rule, contrast)) edges.push_back({x, EdgeKind::Tooth});
    };
    for (const auto& rule : line.rules) add_teeth(rule);
    add_teeth(line.beyond(line.left() - kTraceMargin, line.left()));
    add_teeth(line.beyond(line.right(), line.right() + kTraceMargin));
    add_gaps(trace, edges);
    std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return a.x < b.x; });
    std::vector<Edge> kept;
    for (const auto& edge : edges) {
        const bool ends = edge.kind == EdgeKind::End && !kept.empty() && kept.back().kind == EdgeKind::End;
        if (!kept.empty() && edge.x - kept.back().x <= (ends ? 1 : kSameEdge)) {
            if (edge.kind < kept.back().kind) kept.back() = edge;
            continue;
        }
        kept.push_back(edge);
    }
    return kept;
}

// The distances between edges that are met most often.
std::vector<double> likely_steps(const std::vector<Edge>& edges) {
    std::vector<double> distances;
    for (std::size_t i = 0; i < edges.size(); ++i) {
        for (std::size_t j = i + 1; j < std::min(edges.size(), i + 6); ++j) {
            const double distance = edges[j].x - edges[i].x;
            if (distance >= kStepMin && distance <= kStepMax) distances.push_back(distance);
        }
    }
    std::sort(distances.begin(), distances.end());
    std::vector<std::pair<int, double>> votes;
    for (const double step : distances) {
        int count = 0;
        double sum = 0;
        for (const double other : distances) {
            if (std::abs(other - step) <= 1.5) {
                ++count;
                sum += other;
            }
        }
        votes.emplace_back(count, sum / count);
    }
    std::stable_sort(votes.begin(), votes.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<double> steps;
    for (const auto& [count, step] : votes) {
        const bool known =
            std::any_of(steps.begin(), steps.end(), [&](double other) { return std::abs(other - step) <= 2; });
        if (!known && count >= 2) steps.push_back(step);
        if (steps.size() == kStepsTried) break;
    }
    return steps;
}

struct Span {
    double left = 0, right = 0;
};

struct Path {
    double score = 0, step = 0;
    std::vector<Span> cells;
    int borders = 0;  // between two cells that touch
    int seen = 0;     // of these, by a tooth or a gap
    int teeth = 0;    // of these, by a tooth
    int apart = 0;    // cells that do not touch the one before
};

// What it is worth to go from one edge to the next one of the path; `cells` says how many lie between. Two cells
// without a border between them are worth less than one, else half of the step would always be better.
double gain(const Trace& trace, double from, double to, double step, int& cells) {
    const double distance = to - from;
    cells = static_cast<int>(std::lround(distance / step));
    const double off = std::abs(distance - cells * step), slack = kStepSlack + kStepSlackShare * distance;
    if (cells >= 1 && cells <= 3 && off <= slack && trace.covered(from, to) >= kCoveredMin) {
        return 1.2 - 0.2 * cells - 0.3 * off / slack;
    }
    cells = 0;
    const bool drawn = trace.covered(from + 2, to - 2) > 0.5;
    if (distance <= kGroupGapMax * step) return drawn ? -0.6 : -0.05;
    return distance <= kApartMax && !drawn ? -0.3 : -1e9;
}

Path best_path(const Trace& trace, const std::vector<Edge>& edges, double step) {
    struct State {
        double score = 0;
        int from = -1, cells = 0;
    };
    std::vector<State> states(edges.size());
    std::size_t best = 0;
    for (std::size_t i = 0; i < edges.size(); ++i) {
        double left_out = 0;
        for (std::size_t j = i; j-- > 0;) {
            if (edges[i].x - edges[j].x > 3.2 * kStepMax) break;
            int cells = 0;
            const double score = states[j].score + gain(trace, edges[j].x, edges[i].x, step, cells) - left_out;
            if (score > states[i].score) states[i] = {score, static_cast<int>(j), cells};
            left_out += edges[j].kind == EdgeKind::Tooth ? kToothLeftOut
                        : edges[j].kind == EdgeKind::Gap ? kGapLeftOut
                                                         : 0;
        }
        if (states[i].score > states[best].score) best = i;
    }
    Path path;
    path.step = step;
    if (edges.empty()) return path;
    path.score = states[best].score;
    bool touches = false;
    for (auto at = static_cast<int>(best); states[static_cast<std::size_t>(at)].from >= 0;) {
        const auto& state = states[static_cast<std::size_t>(at)];
        const auto& edge = edges[static_cast<std::size_t>(at)];
        const double left = edges[static_cast<std::size_t>(state.from)].x;
        for (int c = state.cells; c-- > 0;) {
            path.cells.push_back(
                {left + c * (edge.x - left) / state.cells, left + (c + 1) * (edge.x - left) / state.cells});
        }
        if (state.cells > 0) path.borders += state.cells - 1 + (touches ? 1 : 0);
        if (state.cells > 0 && touches) {
            path.seen += edge.kind != EdgeKind::End ? 1 : 0;
            path.teeth += edge.kind == EdgeKind::Tooth ? 1 : 0;
        }
        if (state.cells == 0 && touches) ++path.apart;
        touches = state.cells > 0;
        at = state.from;
    }
    std::reverse(path.cells.begin(), path.cells.end());
    return path;
}

// What text on a line and frames one beside the other are not: many cells of one width on a thin line, most of their
// borders seen, and few others.
struct Signs {
    double covered = 0, thick = 0, even = 0, gaps_left_out = 0, teeth_left_out = 0, seen = 0;
};

Signs signs_of(const Trace& trace, const std::vector<Edge>& edges, const Path& path) {
    Signs signs;
    const double count = static_cast<double>(path.cells.size());
    std::vector<double> widths;
    for (const auto& cell : path.cells) widths.push_back(cell.right - cell.left);
    const auto middle = widths.begin() + static_cast<std::ptrdiff_t>(widths.size() / 2);
    std::nth_element(widths.begin(), middle, widths.end());
    for (const auto& cell : path.cells) {
        signs.covered += trace.covered(cell.left, cell.right) / count;
        signs.thick += trace.thick(cell.left + 3, cell.right - 3) / count;
        signs.even += std::abs(cell.right - cell.left - *middle) <= kEven ? 1 / count : 0;
    }
    for (const auto& edge : edges) {
        const bool inside = std::any_of(path.cells.begin(), path.cells.end(), [&](const Span& cell) {
            return edge.x > cell.left + kSameEdge && edge.x < cell.right - kSameEdge;
        });
        if (inside && edge.kind == EdgeKind::Gap) signs.gaps_left_out += 1 / count;
        if (inside && edge.kind == EdgeKind::Tooth) signs.teeth_left_out += 1 / count;
    }
    signs.seen = path.borders == 0 ? 0 : static_cast<double>(path.seen) / path.borders;
    return signs;
}

bool is_comb(const Trace& trace, const std::vector<Edge>& edges, const Path& path) {
    const int count = static_cast<int>(path.cells.size());
    if (count < kCellsMin || path.seen + path.apart < kCellsMin - 1 || path.borders <= path.apart) return false;
    const auto signs = signs_of(trace, edges, path);
    if (signs.seen < kSeenMin || signs.covered < kCoveredMean || signs.even < kEvenMin) return false;
    // Large writing crosses the line and stands on it like teeth, and scans lose parts of it; many cells of exactly one
    // width make up for that.
    const bool strict =
        count >= kManyCells && path.apart * 3 <= count && signs.even >= kStrict && signs.seen >= kStrict;
    const auto& most = strict ? kMostIfStrict : kMost;
    return signs.thick <= most.thick && signs.gaps_left_out <= most.gaps && signs.teeth_left_out <= most.teeth;
}

// How high the cells are: up to the rule above that runs along them, else as high as they are wide and a bit more.
double height_of(const std::vector<Line>& lines, const Line& line, double left, double right, double step) {
    const double middle = (left + right) / 2, bottom = line.y_at(middle);
    double height = 0;
    for (const auto& other : lines) {
        if (&other == &line || other.left() > middle || other.right() < middle) continue;
        const double above = bottom - other.y_at(middle);
        if (above < kHighMin || above > kHighMax || other.covered(left, right) < kCoveredMin) continue;
        if (height == 0 || above < height) height = above;
    }
    return height == 0 ? std::max(1.2 * step, 30.0) : height;
}

CombRow row_of(const std::vector<Line>& lines, const Line& line, const Path& path) {
    CombRow row;
    row.drawn = true;
    const double left = path.cells.front().left, right = path.cells.back().right;
    const double height = height_of(lines, line, left, right, path.step);
    row.slope = right - left > 4 * path.step ? (line.y_at(right) - line.y_at(left)) / (right - left) : 0;
    row.teeth = 2 * path.teeth > path.seen;
    for (const auto& cell : path.cells) {
        const double bottom = line.y_at((cell.left + cell.right) / 2);
        const int from = static_cast<int>(std::lround(cell.left)), to = static_cast<int>(std::lround(cell.right));
        row.cells.push_back(
            {from, static_cast<int>(std::lround(bottom - height)), to - from, static_cast<int>(std::lround(height))});
    }
    const auto& first = row.cells.front();
    const auto& last = row.cells.back();
    const int top = std::min(first.y, last.y), bottom = std::max(first.y + first.height, last.y + last.height);
    row.box = {first.x, top, last.x + last.width - first.x, bottom - top};
    return row;
}

}  // namespace

std::vector<CombRow> find_drawn_combs(const cv::Mat& grey) {
    std::vector<CombRow> rows;
    if (grey.rows < 50 || grey.cols < 100) return rows;
    const int paper = paper_of(grey), contrast = contrast_on(paper);
    const auto lines = lines_of(find_rules(grey, contrast), kApartMax);
    for (const auto& line : lines) {
        if (line.right() - line.left() < kCellsMin * kStepMin || !is_thin(grey, line, contrast)) continue;
        const Trace trace(grey, line, paper);
        const auto edges = edges_of(grey, line, trace, contrast);
        if (edges.size() < 3 || edges.size() > kEdgesMax) continue;
        Path best;
        for (const double step : likely_steps(edges)) {
            auto path = best_path(trace, edges, step);
            if (path.score > best.score) best = std::move(path);
        }
        if (is_comb(trace, edges, best)) rows.push_back(row_of(lines, line, best));
    }
    // Strokes of writing that stand in line inside of a comb make none.
    std::stable_sort(rows.begin(), rows.end(),
                     [](const CombRow& a, const CombRow& b) { return a.cells.size() > b.cells.size(); });
    std::vector<CombRow> kept;
    for (auto& row : rows) {
        const bool inside = std::any_of(kept.begin(), kept.end(), [&](const CombRow& other) {
            const int wide =
                std::min(row.box.x + row.box.width, other.box.x + other.box.width) - std::max(row.box.x, other.box.x);
            const int high =
                std::min(row.box.y + row.box.height, other.box.y + other.box.height) - std::max(row.box.y, other.box.y);
            return wide * 2 > row.box.width && high * 2 > row.box.height;
        });
        if (!inside) kept.push_back(std::move(row));
    }
    return kept;
}

}  // namespace pleiade::reader::combs
