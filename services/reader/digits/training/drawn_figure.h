// Where the shapes come from that the model learns: real handwriting, fonts, and strokes drawn here for the French ways
// of writing 1, 4 and 7 that neither has. Each gives ink on a canvas: CV_8UC1, 255 is full ink, about 56 pixels high.
#pragma once

#include <opencv2/core.hpp>
#include <random>
#include <string>
#include <vector>

#include "common/base/result.h"

namespace pleiade::reader::digits {

using Random = std::mt19937;

inline double uniform(Random& random, double from, double to) {
    return std::uniform_real_distribution<double>(from, to)(random);
}
inline int pick(Random& random, std::size_t count) {
    return static_cast<int>(std::uniform_int_distribution<std::size_t>(0, count - 1)(random));
}
inline bool chance(Random& random, double share) {
    return uniform(random, 0, 1) < share;
}

// A figure (0 to 9), or A or B, written with a pen: one of its usual ways, no two times the same.
cv::Mat write_figure(int kind, Random& random);
// What is no figure: a letter's strokes, scribbles, bars.
cv::Mat write_scrawl(Random& random);
// A figure struck out, or with another one over it; or two figures in one box.
cv::Mat spoil(const cv::Mat& figure, const cv::Mat& other, Random& random);

// The sheet of OpenCV's samples (Debian's opencv-doc): 50 rows of 100 figures of 20 pixels, five rows a figure. The
// last row of each figure is never learnt from: nothing says where one writer ends, but rows are far apart.
struct Sheet {
    std::vector<std::vector<cv::Mat>> learnt, held_out;  // by figure
};
// Errors: those of vision::decode_file, SHEET_INVALID (Invalid) for another image.
Result<Sheet> read_sheet(const std::string& path);

// A font file, opened once.
class Font {
  public:
    // Errors: FONT_INVALID (Invalid).
    static Result<Font> open(const std::string& path);
    // Empty when the font has no such character. Characters are drawn once and kept.
    cv::Mat draw(char character) const;

  private:
    struct Face;
    std::shared_ptr<Face> face_;
};

}  // namespace pleiade::reader::digits
