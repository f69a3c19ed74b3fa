#include "services/reader/forms/form_page.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <set>

#include "services/reader/forms/laid_print.h"

namespace pleiade::reader::forms {
namespace {

// Pixels of the upright page at 200 dpi.
constexpr int kErasedAround = 5;  // width of the neighbourhood: what alignment may be off
constexpr int kInkDarker = 60;    // than the paper

Box hull(const std::array<cv::Point2d, 4>& corners, cv::Size page) {
    double left = 1e18, top = 1e18, right = -1e18, bottom = -1e18;
    for (const auto& p : corners) {
        left = std::min(left, p.x), right = std::max(right, p.x);
        top = std::min(top, p.y), bottom = std::max(bottom, p.y);
    }
    const int x = std::clamp(static_cast<int>(std::floor(left)), 0, page.width);
    const int y = std::clamp(static_cast<int>(std::floor(top)), 0, page.height);
    return {x, y, std::clamp(static_cast<int>(std::ceil(right)), x, page.width) - x,
            std::clamp(static_cast<int>(std::ceil(bottom)), y, page.height) - y};
}

std::array<cv::Point2d, 4> corners_of(const cv::Rect2d& box, const cv::Matx33d& map) {
    return {mapped(map, box.tl()), mapped(map, {box.br().x, box.y}), mapped(map, box.br()),
            mapped(map, {box.x, box.br().y})};
}

}  // namespace

cv::Matx33d to_upright(const FormMatch& match, cv::Size sketch_size, cv::Size scanned, const vision::UprightMap& map) {
    const auto origin = map.as_scanned(cv::Point2d(0, 0));
    const auto across = map.as_scanned(cv::Point2d(1000, 0)) - origin;
    const auto down = map.as_scanned(cv::Point2d(0, 1000)) - origin;
    const cv::Matx33d upright_to_scanned(across.x / 1000, down.x / 1000, origin.x, across.y / 1000, down.y / 1000,
                                         origin.y, 0, 0, 1);
    const cv::Matx33d sketch_to_scanned =
        cv::Matx33d::diag({static_cast<double>(scanned.width) / sketch_size.width,
                           static_cast<double>(scanned.height) / sketch_size.height, 1});
    return upright_to_scanned.inv() * sketch_to_scanned * match.to_scan;
}

FormPage describe(const Recogniser& recogniser, const FormMatch& match) {
    const auto& form = recogniser.form(match.form).form;
    FormPage page;
    page.id = form.id;
    page.type = form.type;
    page.title = form.title();
    page.fit = match.fit;
    page.score = match.score;
    page.volet = match.fit == Fit::Known ? form.volet : std::nullopt;
    std::set<int> sent;
    for (int i = 0; i < static_cast<int>(recogniser.size()); ++i) {
        const auto& other = recogniser.form(i).form;
        const bool same = other.type == form.type && other.cerfa == form.cerfa && other.version == form.version;
        if (same && !other.notice) sent.insert(other.page);
    }
    page.ranks = static_cast<int>(sent.size());
    if (!form.notice) page.rank = 1 + static_cast<int>(std::distance(sent.begin(), sent.find(form.page)));
    return page;
}

std::vector<PlacedZone> place_zones(const Form& form, const cv::Matx33d& to_page, cv::Size page) {
    std::vector<PlacedZone> placed;
    for (const auto& zone : form.zones) {
        PlacedZone one;
        one.name = zone.name;
        one.kind = zone.kind;
        one.group = zone.group;
        one.corners = corners_of(zone.box, to_page);
        one.box = hull(one.corners, page);
        for (const double start : zone.cell_starts) {
            const cv::Rect2d cell(start, zone.box.y, zone.cell_width, zone.box.height);
            one.cells.push_back(hull(corners_of(cell, to_page), page));
        }
        placed.push_back(std::move(one));
    }
    return placed;
}

AddedInk added_to(const cv::Mat& print, const cv::Matx33d& to_page, const cv::Mat& upright) {
    const auto pixels_to_page = to_page * cv::Matx33d::diag({1 / pixels_per_mm(), 1 / pixels_per_mm(), 1});
    cv::Mat laid = laid_print(print, pixels_to_page, upright.size());
    cv::dilate(laid, laid, cv::getStructuringElement(cv::MORPH_RECT, {kErasedAround, kErasedAround}));
    AddedInk added;
    added.grey = upright.clone();
    added.grey.setTo(255, laid);
    cv::threshold(added.grey, added.ink, 255 - kInkDarker, 255, cv::THRESH_BINARY_INV);
    return added;
}

}  // namespace pleiade::reader::forms
