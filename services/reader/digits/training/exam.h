// Combs drawn on pages, filled in by hands and prints that were never learnt from, scanned, and read by everything that
// the reader does with a comb: finding its cells, taking its lines out, the digit model, decoding under the
// identifier's rule, judgement. Counts what comes out valid and right, valid and wrong, or to be keyed.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "services/reader/digits/digit_model.h"
#include "services/reader/digits/training/lessons.h"

namespace pleiade::reader::digits {

enum class CombKind { Boxes, Teeth, Bars, Shaded };

// One comb on an otherwise empty page of 200 dpi, as a scanner gives it.
struct DrawnComb {
    cv::Mat page;
    cv::Rect comb;  // where it stands before the page leaned
};
struct CombDrawing {
    CombKind kind = CombKind::Boxes;
    std::vector<int> groups;  // cells of each
    std::string text;         // one character a cell, ' ' for an empty one
    bool crossed_out = false;
    double lean_degrees = 0;
    bool fine_scan = false;  // 300 dpi
    bool bitonal = false;
};
// `ink`: a character's ink, as drawn_figure.h gives it.
DrawnComb draw_comb(const CombDrawing& drawing, const std::function<cv::Mat(char)>& ink, Random& random);

struct ExamLine {
    std::string field;  // of the contract
    bool hand = false;
    int drawn = 0;
    int cells_found = 0;  // combs with all their cells and no other
    int figures = 0, figures_right = 0;
    int valid_right = 0, valid_wrong = 0, right_to_key = 0;
};

// `count` combs of each field and writing; half of them bitonal, a third at 300 dpi, leaning by up to two degrees. No
// second match is on the page: what is valid is so by the comb alone.
std::vector<ExamLine> sit_exam(DigitModel& model, const Lessons& lessons, std::uint32_t seed, int count);

}  // namespace pleiade::reader::digits
