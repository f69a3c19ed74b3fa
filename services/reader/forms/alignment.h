// How a blank lies on a page, from landmarks that both have.
#pragma once

#include <optional>
#include <vector>

#include "services/reader/forms/form_index.h"

namespace pleiade::reader::forms {

struct RoughAlignment {
    cv::Matx33d to_page;  // small pixels of the blank -> small pixels of the page: turned a little, scaled, moved
    int agreeing = 0;     // landmarks, each place of the page counted once
};

// Scales from 0.88 to 1.14 and turns up to 4 degrees are tried; nullopt when too few landmarks agree. Deterministic.
std::optional<RoughAlignment> align_landmarks(const std::vector<LandmarkMatch>& matches);

// Least squares, with weights. `from` -> `to`; six parameters, or eight when `perspective`. Nullopt when the points do
// not settle them.
std::optional<cv::Matx33d> fit_map(const std::vector<cv::Point2d>& from, const std::vector<cv::Point2d>& to,
                                   const std::vector<double>& weights, bool perspective);

}  // namespace pleiade::reader::forms
