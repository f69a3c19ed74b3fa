// Zones that a blank page offers to whoever fills it in: combs by their cells or teeth, boxes to tick, frames and lines
// to write on. A proposal: `pleiade forms add` writes it down, a person corrects it. Pure functions.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "services/reader/forms/form.h"

namespace pleiade::reader::forms {

// `darkness`: of the upright blank at PageSketch::kDpi, pale colours included. `words`: what is printed on it. `combs`:
// found on it at a higher resolution (drawn_zones). Zones come without a name, from top to bottom.
std::vector<Zone> find_zones(const cv::Mat& darkness, const std::vector<PrintedWord>& words, std::vector<Zone> combs);

// The combs that a reader finds on any page (combs/drawn_combs.h), those of the blank too. `grey`: at 200 dpi.
std::vector<Zone> drawn_zones(const cv::Mat& grey);

// Gives each zone its name: the field of the contract that its label asks for, else the label's own words; unique.
void name_zones(std::vector<Zone>& zones, const std::vector<PrintedWord>& words, cv::Size2d page);

}  // namespace pleiade::reader::forms
