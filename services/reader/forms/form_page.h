// A page that bears a registered form, as the field readers want it: its zones where they lie on the upright page, its
// known print, and what somebody added to it.
#pragma once

#include <array>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/domain/reading.h"
#include "common/vision/upright.h"
#include "services/reader/forms/recogniser.h"

namespace pleiade::reader::forms {

enum class TickState {
    Empty,
    Ticked,
    Doubtful,  // touched, blackened, crossed out, or another box of its group is ticked as well: a person looks
};

// A named zone on the upright page that was read (OcrPage::width x height).
struct PlacedZone {
    std::string name;
    ZoneKind kind = ZoneKind::Line;
    std::string group;
    std::array<cv::Point2d, 4> corners;  // top left, top right, bottom right, bottom left
    Box box;                             // the smallest upright box that holds them
    std::vector<Box> cells;              // combs: one a character, left to right
    TickState tick = TickState::Empty;   // boxes to tick
};

// What recognition said of the page; without pixels.
struct FormPage {
    std::string id, type, title;
    Fit fit = Fit::OtherVersion;
    double score = 0;
    int rank = 0;   // 1 for the first page of the form that is sent, 2 for the next; 0 for a notice
    int ranks = 0;  // pages of the form that are sent
    std::optional<int> volet;
    std::vector<PlacedZone> zones;
    bool sure() const { return fit != Fit::OtherVersion; }
};

// The page with its print taken out.
struct AddedInk {
    cv::Mat grey;  // the upright page, white where the blank is printed
    cv::Mat ink;   // CV_8UC1, 255 where somebody wrote, stamped or dirtied it
};

// Millimetres of the blank -> pixels of the upright page. `sketch_size`: of the sketch that was recognised.
cv::Matx33d to_upright(const FormMatch& match, cv::Size sketch_size, cv::Size scanned, const vision::UprightMap& map);

// `to_page`: from to_upright.
FormPage describe(const Recogniser& recogniser, const FormMatch& match);
std::vector<PlacedZone> place_zones(const Form& form, const cv::Matx33d& to_page, cv::Size page);

// `print`: all print of the blank (BlankPrint::all). About 5 ms at 200 dpi.
AddedInk added_to(const cv::Mat& print, const cv::Matx33d& to_page, const cv::Mat& upright);

// Decides every box to tick among `zones`.
void decide_ticks(std::vector<PlacedZone>& zones, const cv::Mat& added_ink);

// Where something was added that looks like writing, line by line, from top to bottom; combs, boxes to tick and
// signatures of `zones` left out, as are specks and rules.
std::vector<Box> written_lines(const cv::Mat& added_ink, const std::vector<PlacedZone>& zones);

}  // namespace pleiade::reader::forms
