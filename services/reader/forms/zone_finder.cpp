#include "services/reader/forms/zone_finder.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "services/reader/combs/drawn_combs.h"

namespace pleiade::reader::forms {
namespace {

constexpr double kCombsDpi = 200;   // of the image that combs are looked for on
constexpr int kPrintDarkness = 16;  // forms print their combs in pale blue or pink
// Millimetres.
constexpr double kTickMin = 2.2, kTickMax = 6.5;
constexpr double kCellWidthMin = 2.6, kCellWidthMax = 9, kCellHeightMin = 3.2, kCellHeightMax = 12;
constexpr double kCellsApartMax = 3.4;  // from one cell to the next, the gap between groups included
constexpr double kToothMin = 1.2, kToothMax = 9, kToothWidthMax = 0.9;
constexpr double kToothAlone = 1.3;  // of white on both sides: the stems of letters have neighbours
constexpr double kStepMin = 3.2, kStepMax = 9;
constexpr double kStepSlack = 0.18;
constexpr double kLineMin = 25, kFrameHeightMin = 3.8, kLineHeightMax = 13;
constexpr double kWritingHeight = 6;
constexpr std::size_t kCellsMin = 3;

double to_mm(double pixels) {
    return pixels / pixels_per_mm();
}
cv::Rect2d to_mm(const cv::Rect& box) {
    return {to_mm(box.x), to_mm(box.y), to_mm(box.width), to_mm(box.height)};
}
int to_pixels(double mm) {
    return static_cast<int>(std::lround(mm * pixels_per_mm()));
}
double middle_y(const cv::Rect2d& box) {
    return box.y + box.height / 2;
}

class Finder {
  public:
    Finder(const cv::Mat& darkness, const std::vector<PrintedWord>& words, std::vector<Zone> combs)
        : words_(words), zones_(std::move(combs)) {
        cv::threshold(darkness, print_, kPrintDarkness, 255, cv::THRESH_BINARY);
    }

    std::vector<Zone> find() {
        white_areas();
        chains_of_cells();
        teeth();
        frames();
        rules();
        std::stable_sort(zones_.begin(), zones_.end(), [](const Zone& a, const Zone& b) {
            const bool one_row = std::abs(middle_y(a.box) - middle_y(b.box)) < 2;
            return one_row ? a.box.x < b.box.x : a.box.y < b.box.y;
        });
        return std::move(zones_);
    }

  private:
    struct Area {
        cv::Rect2d box;
        double fill = 0;  // share of the box that is white
        bool used = false;
    };

    void white_areas() {
        cv::Mat white, labels, stats, centroids;
        cv::bitwise_not(print_, white);
        const int count = cv::connectedComponentsWithStats(white, labels, stats, centroids, 4);
        for (int i = 1; i < count; ++i) {
            const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                               stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
            if (box.width < to_pixels(kTickMin) || box.height < to_pixels(kTickMin)) continue;
            areas_.push_back({to_mm(box), stats.at<int>(i, cv::CC_STAT_AREA) / static_cast<double>(box.area())});
        }
        std::stable_sort(areas_.begin(), areas_.end(), [](const Area& a, const Area& b) { return a.box.x < b.box.x; });
    }

    bool is_cell(const Area& area) const {
        return !area.used && !taken(area.box, 0.5) && area.fill >= 0.88 && area.box.width >= kTickMin &&
               area.box.width <= kCellWidthMax && area.box.height >= kTickMin && area.box.height <= kCellHeightMax;
    }

    // Cells side by side are a comb; one alone that is about square is a box to tick.
    void chains_of_cells() {
        for (std::size_t i = 0; i < areas_.size(); ++i) {
            if (!is_cell(areas_[i])) continue;
            std::vector<std::size_t> chain{i};
            for (std::size_t next = i + 1; next < areas_.size(); ++next) {
                const auto& last = areas_[chain.back()].box;
                const auto& box = areas_[next].box;
                if (box.x - last.br().x > kCellsApartMax) break;
                const bool beside = is_cell(areas_[next]) && std::abs(middle_y(box) - middle_y(last)) < 0.8 &&
                                    std::abs(box.height - last.height) < 0.25 * last.height &&
                                    std::abs(box.width - last.width) < 0.3 * last.width && box.x >= last.br().x - 0.3;
                if (beside) chain.push_back(next);
            }
            const auto& first = areas_[i].box;
            if (chain.size() >= kCellsMin && first.width >= kCellWidthMin && first.height >= kCellHeightMin) {
                comb_of(chain);
            } else if (chain.size() < kCellsMin && is_tick(first)) {
                areas_[i].used = true;
                add(ZoneKind::Tick, first);
            }
        }
    }

    static bool is_tick(const cv::Rect2d& box) {
        return box.width >= kTickMin && box.width <= kTickMax && box.height >= kTickMin && box.height <= kTickMax &&
               box.width / box.height > 0.7 && box.width / box.height < 1.45;
    }

    void comb_of(const std::vector<std::size_t>& chain) {
        Zone zone;
        zone.kind = ZoneKind::Comb;
        zone.box = areas_[chain.front()].box;
        for (const auto at : chain) {
            areas_[at].used = true;
            zone.box |= areas_[at].box;
            zone.cell_starts.push_back(areas_[at].box.x);
            zone.cell_width += areas_[at].box.width / static_cast<double>(chain.size());
        }
        zones_.push_back(std::move(zone));
    }

    bool taken(const cv::Rect2d& box, double share) const {
        return std::any_of(zones_.begin(), zones_.end(),
                           [&](const Zone& zone) { return (zone.box & box).area() > share * box.area(); });
    }

    bool in_word(const cv::Rect2d& box) const {
        return std::any_of(words_.begin(), words_.end(), [&](const PrintedWord& word) {
            return word.text.size() > 1 && (word.box & box).area() > 0.5 * box.area();
        });
    }

    // Nothing is printed beside its upper part; what it stands on may go on.
    bool stands_alone(const cv::Rect2d& tooth) const {
        for (const double left : {tooth.x - kToothAlone, tooth.br().x + 0.35}) {
            const cv::Rect beside = cv::Rect(to_pixels(left), to_pixels(tooth.y), to_pixels(kToothAlone - 0.35),
                                             std::max(1, to_pixels(tooth.height * 0.6))) &
                                    cv::Rect(0, 0, print_.cols, print_.rows);
            if (beside.empty() || cv::countNonZero(print_(beside)) > 2) return false;
        }
        return true;
    }

    // Strokes that stand on one line with a regular step; the border of a frame may be the first or the last.
    void teeth() {
        cv::Mat upright, labels, stats, centroids;
        cv::morphologyEx(print_, upright, cv::MORPH_OPEN,
                         cv::getStructuringElement(cv::MORPH_RECT, {1, to_pixels(kToothMin)}));
        std::vector<cv::Rect2d> strokes, borders;
        const int count = cv::connectedComponentsWithStats(upright, labels, stats, centroids, 8);
        for (int i = 1; i < count; ++i) {
            const auto box = to_mm(cv::Rect(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                                            stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT)));
            if (box.width > kToothWidthMax) continue;
            if (box.height > kToothMax)
                borders.push_back(box);
            else if (!in_word(box) && stands_alone(box))
                strokes.push_back(box);
        }
        std::sort(strokes.begin(), strokes.end(), [](const auto& a, const auto& b) { return a.x < b.x; });
        std::vector<bool> used(strokes.size(), false);
        for (std::size_t i = 0; i < strokes.size(); ++i) {
            if (used[i]) continue;
            std::vector<std::size_t> chain{i};
            double step = 0;
            for (std::size_t next = i + 1; next < strokes.size(); ++next) {
                if (used[next] || std::abs(strokes[next].br().y - strokes[i].br().y) > 0.6) continue;
                const double apart = strokes[next].x - strokes[chain.back()].x;
                if (apart > (step > 0 ? step * (1 + kStepSlack) : kStepMax)) break;
                if (apart < (step > 0 ? step * (1 - kStepSlack) : kStepMin)) continue;
                if (step == 0) step = apart;
                chain.push_back(next);
            }
            if (chain.size() < kCellsMin) continue;
            comb_of_teeth(strokes, borders, chain, step);
            for (const auto at : chain) used[at] = true;
        }
    }

    void comb_of_teeth(const std::vector<cv::Rect2d>& strokes, const std::vector<cv::Rect2d>& borders,
                       const std::vector<std::size_t>& chain, double step) {
        std::vector<double> edges;
        double top = 1e9, bottom = 0;
        for (const auto at : chain) {
            edges.push_back(strokes[at].x + strokes[at].width / 2);
            top = std::min(top, strokes[at].y);
            bottom = std::max(bottom, strokes[at].br().y);
        }
        const auto border_at = [&](double x) {
            return std::any_of(borders.begin(), borders.end(), [&](const cv::Rect2d& border) {
                return std::abs(border.x + border.width / 2 - x) < kStepSlack * step && border.y < bottom &&
                       border.br().y > top;
            });
        };
        if (border_at(edges.front() - step)) edges.insert(edges.begin(), edges.front() - step);
        if (border_at(edges.back() + step)) edges.push_back(edges.back() + step);
        Zone zone;
        zone.kind = ZoneKind::Comb;
        const double height = std::max(bottom - top, kWritingHeight);
        zone.box = {edges.front(), std::max(0.0, bottom - height), edges.back() - edges.front(),
                    std::min(height, bottom)};
        if (taken(zone.box, 0.3)) return;
        zone.cell_starts.assign(edges.begin(), edges.end() - 1);
        zone.cell_width = zone.box.width / static_cast<double>(zone.cell_starts.size());
        zones_.push_back(std::move(zone));
    }

    void frames() {
        for (const auto& area : areas_) {
            if (area.used || area.fill < 0.6 || area.box.width < kLineMin || area.box.height < kFrameHeightMin)
                continue;
            const cv::Rect2d page(0, 0, to_mm(print_.cols), to_mm(print_.rows));
            if (area.box.area() > 0.4 * page.area() || taken(area.box, 0.35) || holds_zone(area.box)) continue;
            add(kind_of_frame(area.box), area.box);
        }
    }
    bool holds_zone(const cv::Rect2d& box) const {
        return std::any_of(zones_.begin(), zones_.end(), [&](const Zone& zone) {
            return zone.kind != ZoneKind::Comb && zone.kind != ZoneKind::Tick &&
                   (zone.box & box).area() > 0.8 * zone.box.area();
        });
    }
    ZoneKind kind_of_frame(const cv::Rect2d& box) const {
        for (const auto& word : words_) {
            if ((word.box & box).area() < 0.5 * word.box.area()) continue;
            for (const char* sign : {"ignature", "IGNATURE"}) {
                if (word.text.find(sign) != std::string::npos) return ZoneKind::Signature;
            }
        }
        return box.height > kLineHeightMax ? ZoneKind::Text : ZoneKind::Line;
    }

    // A rule with room above it, where nothing is printed, that closes no frame.
    void rules() {
        cv::Mat across, labels, stats, centroids;
        cv::morphologyEx(print_, across, cv::MORPH_OPEN,
                         cv::getStructuringElement(cv::MORPH_RECT, {to_pixels(kLineMin), 1}));
        const int count = cv::connectedComponentsWithStats(across, labels, stats, centroids, 8);
        const std::size_t framed = zones_.size();
        for (int i = 1; i < count; ++i) {
            const auto rule =
                to_mm(cv::Rect(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                               stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT)));
            if (rule.height > 1 || rule.y < kWritingHeight) continue;
            const cv::Rect2d above(rule.x, rule.y - kWritingHeight, rule.width, kWritingHeight);
            if (taken(above, 0.15) || closes_from_above(rule, framed)) continue;
            const bool printed = std::any_of(words_.begin(), words_.end(), [&](const PrintedWord& word) {
                return (word.box & above).area() > 0.3 * word.box.area();
            });
            if (!printed) add(ZoneKind::Line, above);
        }
    }

    // It is the upper edge of one of the first `framed` zones, those that have a frame or cells.
    bool closes_from_above(const cv::Rect2d& rule, std::size_t framed) const {
        return std::any_of(zones_.begin(), zones_.begin() + static_cast<std::ptrdiff_t>(framed), [&](const Zone& zone) {
            const double shared = std::min(zone.box.br().x, rule.br().x) - std::max(zone.box.x, rule.x);
            return std::abs(zone.box.y - rule.br().y) < 1 && shared > rule.width / 2;
        });
    }

    void add(ZoneKind kind, const cv::Rect2d& box) {
        Zone zone;
        zone.kind = kind;
        zone.box = box;
        zones_.push_back(std::move(zone));
    }

    const std::vector<PrintedWord>& words_;
    cv::Mat print_;
    std::vector<Area> areas_;
    std::vector<Zone> zones_;
};

}  // namespace

std::vector<Zone> find_zones(const cv::Mat& darkness, const std::vector<PrintedWord>& words, std::vector<Zone> combs) {
    return Finder(darkness, words, std::move(combs)).find();
}

std::vector<Zone> drawn_zones(const cv::Mat& grey) {
    const auto mm = [](int pixels) { return pixels * 25.4 / kCombsDpi; };
    std::vector<Zone> zones;
    for (const auto& row : combs::find_drawn_combs(grey)) {
        Zone zone;
        zone.kind = ZoneKind::Comb;
        zone.box = {mm(row.box.x), mm(row.box.y), mm(row.box.width), mm(row.box.height)};
        for (const auto& cell : row.cells) {
            zone.cell_starts.push_back(mm(cell.x));
            zone.cell_width += mm(cell.width) / static_cast<double>(row.cells.size());
        }
        zones.push_back(std::move(zone));
    }
    return zones;
}

}  // namespace pleiade::reader::forms
