#include "services/reader/forms/probes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <opencv2/imgproc.hpp>
#include <random>

#include "services/reader/forms/alignment.h"

namespace pleiade::reader::forms {
namespace {

// Pixels at 150 dpi.
constexpr int kBlockWidth = 72;   // 12 mm: some words of one line
constexpr int kBlockHeight = 48;  // 8 mm: two lines
constexpr int kRuleLength = 60;   // 10 mm: longer straight strokes are rules
constexpr int kPointsMax = 32;    // per block
constexpr int kPointsMin = 14;
constexpr double kCoveredChance = 0.72;
constexpr double kFoundKappa = 0.6;
constexpr double kMissingKappa = 0.42;

// From where to where a run of ink is a rule: what an opening by a straight stroke of that length leaves of it. What
// touches the edge of the page goes on beyond it; the stroke's middle is its pixel 30 of 60, hence the one to the
// right.
struct Stroke {
    int begin = 0, end = 0;  // end is past the last one
    static Stroke of(int begin, int end, int side) {
        constexpr int kBefore = kRuleLength / 2, kAfter = kRuleLength - 1 - kBefore;
        const int first = begin == 0 ? 0 : begin + kBefore, last = end == side ? side - 1 : end - 1 - kAfter;
        if (first > last) return {};
        return {std::max(0, first - kAfter), std::min(side, last + kBefore + 1)};
    }
};

bool eight_white(const std::uint8_t* pixels) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, pixels, 8);
    return eight == 0;
}

cv::Mat rules_of(const cv::Mat& ink) {
    cv::Mat rules(ink.size(), CV_8UC1, cv::Scalar(0));
    std::vector<int> since(static_cast<std::size_t>(ink.cols), -1);  // the row where a column's run began
    const auto down = [&](int x, int end) {
        auto& begin = since[static_cast<std::size_t>(x)];
        if (begin < 0) return;
        const auto stroke = Stroke::of(begin, end, ink.rows);
        for (int y = stroke.begin; y < stroke.end; ++y) rules.ptr<std::uint8_t>(y)[x] = 255;
        begin = -1;
    };
    for (int y = 0; y < ink.rows; ++y) {
        const auto* row = ink.ptr<std::uint8_t>(y);
        int begin = -1;
        const auto across = [&](int end) {
            if (begin < 0) return;
            const auto stroke = Stroke::of(begin, end, ink.cols);
            std::fill(rules.ptr<std::uint8_t>(y) + stroke.begin, rules.ptr<std::uint8_t>(y) + stroke.end,
                      std::uint8_t{255});
            begin = -1;
        };
        const auto* above = y > 0 ? ink.ptr<std::uint8_t>(y - 1) : nullptr;
        for (int x = 0; x < ink.cols; ++x) {
            if (row[x] == 0) {
                // Most of a page: eight white pixels below eight white ones begin and end nothing.
                if (begin < 0 && above != nullptr && x + 8 <= ink.cols && eight_white(row + x) &&
                    eight_white(above + x)) {
                    x += 7;
                    continue;
                }
                across(x);
                down(x, y);
            } else {
                if (begin < 0) begin = x;
                if (since[static_cast<std::size_t>(x)] < 0) since[static_cast<std::size_t>(x)] = y;
            }
        }
        across(ink.cols);
    }
    for (int x = 0; x < ink.cols; ++x) down(x, ink.rows);
    cv::dilate(rules, rules, cv::getStructuringElement(cv::MORPH_RECT, {3, 3}));
    return rules;
}

struct BlockFit {
    cv::Point2d offset;
    double found = 0, chance = 0, inside = 1;
    double kappa() const { return chance >= 0.999 ? 0 : std::max(0.0, (found - chance) / (1 - chance)); }
};

class Judge {
  public:
    explicit Judge(const Probes& probes) : probes_(probes) {}

    // The offset at which most points lie on ink, and how many would by chance.
    BlockFit fit(const Probes::Block& block, const cv::Matx33d& map, const cv::Mat& ink, int reach, int step) {
        place(block, map);
        BlockFit best;
        best.inside = share_inside(ink, reach);
        if (best.inside < 0.8) return best;
        double best_cost = -1e9;
        for (int dy = -reach; dy <= reach; dy += step) {
            for (int dx = -reach; dx <= reach; dx += step) {
                const double share = hits(ink, dx, dy);
                // Between equals, the one nearer to where the block is expected.
                const double worth = share - 0.004 * std::hypot(dx, dy);
                if (worth > best_cost) {
                    best_cost = worth;
                    best.found = share;
                    best.offset = cv::Point2d(dx, dy);
                }
            }
        }
        // The same pattern some millimetres aside: what any print of that density would give.
        static constexpr std::array<std::array<int, 2>, 10> kAside = {
            {{9, 4}, {-9, -4}, {9, -5}, {-9, 5}, {13, 0}, {-13, 0}, {5, 9}, {-5, -9}, {5, -9}, {-5, 9}}};
        double total = 0;
        for (const auto& aside : kAside) {
            total += hits(ink, static_cast<int>(best.offset.x) + aside[0], static_cast<int>(best.offset.y) + aside[1]);
        }
        best.chance = total / kAside.size();
        return best;
    }

  private:
    void place(const Probes::Block& block, const cv::Matx33d& map) {
        placed_.clear();
        for (int i = 0; i < block.count; ++i) {
            const auto p = mapped(map, probes_.points[static_cast<std::size_t>(block.first + i)]);
            placed_.emplace_back(cvRound(p.x), cvRound(p.y));
        }
    }
    double share_inside(const cv::Mat& ink, int reach) const {
        const int margin = reach + 14;
        const cv::Rect inner(margin, margin, ink.cols - 2 * margin, ink.rows - 2 * margin);
        const auto count =
            std::count_if(placed_.begin(), placed_.end(), [&](const cv::Point& p) { return inner.contains(p); });
        return static_cast<double>(count) / static_cast<double>(placed_.size());
    }
    double hits(const cv::Mat& ink, int dx, int dy) const {
        int found = 0;
        for (const auto& p : placed_) {
            const int x = p.x + dx, y = p.y + dy;
            if (static_cast<unsigned>(x) < static_cast<unsigned>(ink.cols) &&
                static_cast<unsigned>(y) < static_cast<unsigned>(ink.rows)) {
                found += ink.ptr<std::uint8_t>(y)[x] != 0 ? 1 : 0;
            }
        }
        return static_cast<double>(found) / static_cast<double>(placed_.size());
    }

    const Probes& probes_;
    std::vector<cv::Point> placed_;
};

}  // namespace

Probes make_probes(const cv::Mat& ink) {
    const cv::Mat rules = rules_of(ink);
    Probes probes;
    std::mt19937 random(7);
    std::vector<cv::Point> text, straight;
    for (int top = 0; top < ink.rows; top += kBlockHeight) {
        for (int left = 0; left < ink.cols; left += kBlockWidth) {
            text.clear();
            straight.clear();
            for (int y = top; y < std::min(top + kBlockHeight, ink.rows); ++y) {
                const auto* inked = ink.ptr<std::uint8_t>(y);
                const auto* ruled = rules.ptr<std::uint8_t>(y);
                for (int x = left; x < std::min(left + kBlockWidth, ink.cols); ++x) {
                    if (inked[x] != 0) (ruled[x] != 0 ? straight : text).emplace_back(x, y);
                }
            }
            std::shuffle(text.begin(), text.end(), random);
            std::shuffle(straight.begin(), straight.end(), random);
            if (text.size() > kPointsMax) text.resize(kPointsMax);
            if (text.size() + straight.size() < kPointsMin) continue;
            const auto room = std::min<std::size_t>(kPointsMax - text.size(), std::max<std::size_t>(8, text.size()));
            if (straight.size() > room) straight.resize(room);
            if (text.size() + straight.size() < kPointsMin) continue;
            Probes::Block block;
            block.first = static_cast<int>(probes.points.size());
            cv::Point2d sum(0, 0);
            for (const auto* group : {&text, &straight}) {
                for (const auto& p : *group) {
                    probes.points.emplace_back(p);
                    sum += cv::Point2d(p);
                }
            }
            block.count = static_cast<int>(probes.points.size()) - block.first;
            block.centre = sum * (1.0 / block.count);
            probes.blocks.push_back(block);
        }
    }
    return probes;
}

Verification verify(const Probes& probes, const PageLook& page, const cv::Matx33d& to_scan) {
    Verification verdict;
    verdict.to_scan = to_scan;
    Judge judge(probes);
    struct Pass {
        const cv::Mat& ink;
        int reach, step;
        std::size_t every;  // one block in so many
    };
    const Pass passes[] = {{page.wide, 8, 2, 2}, {page.near, 4, 1, 1}};
    for (const auto& pass : passes) {
        std::vector<cv::Point2d> from, to;
        std::vector<double> weights;
        for (std::size_t i = 0; i < probes.blocks.size(); i += pass.every) {
            const auto& block = probes.blocks[i];
            const auto fit = judge.fit(block, verdict.to_scan, pass.ink, pass.reach, pass.step);
            if (fit.kappa() < kFoundKappa || fit.chance > kCoveredChance) continue;
            from.push_back(block.centre);
            to.push_back(mapped(verdict.to_scan, block.centre) + fit.offset);
            weights.push_back(fit.kappa());
        }
        if (from.size() < 12) continue;
        if (const auto better = fit_map(from, to, weights, from.size() >= 60)) verdict.to_scan = *better;
    }
    double total = 0;
    for (const auto& block : probes.blocks) {
        const auto fit = judge.fit(block, verdict.to_scan, page.near, 2, 1);
        auto state = BlockState::Covered;
        double kappa = 0;
        if (fit.inside >= 0.8 && fit.chance <= kCoveredChance) {
            kappa = fit.kappa();
            total += std::min(1.0, kappa / 0.9);
            state = kappa >= kMissingKappa ? BlockState::Found : BlockState::Missing;
            (state == BlockState::Found ? verdict.found : verdict.missing) += 1;
        }
        verdict.blocks.push_back(state);
        verdict.kappas.push_back(kappa);
    }
    const int seen = verdict.found + verdict.missing;
    verdict.score = seen == 0 ? 0 : total / seen;
    verdict.seen_share =
        probes.blocks.empty() ? 0 : static_cast<double>(seen) / static_cast<double>(probes.blocks.size());
    return verdict;
}

}  // namespace pleiade::reader::forms
