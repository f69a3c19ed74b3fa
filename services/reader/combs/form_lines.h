// The lines of a comb, taken out of its ink so that what was written is left: whole where it crosses them, and not less
// where it runs along them or stands where a line was thought to be.
#pragma once

#include <functional>
#include <opencv2/core.hpp>
#include <vector>

namespace pleiade::reader::combs {

// The line that cells stand on is known to be there. One above them is taken out only where most of it is seen.
enum class LevelLine { Foot, Top };

// `ink`: CV_8UC1, 255 is full ink. `y_at`: its height at each column, known to four pixels. `step`: of the cells; the
// line may bend as slowly as that. Pure but for `ink`.
void take_out_level(cv::Mat& ink, const std::function<double(int)>& y_at, int step, LevelLine which);

// Between cells: from `bottom`, on the line below, up to `top` at most.
struct UprightLine {
    int x = 0, top = 0, bottom = 0;
};
void take_out_teeth(cv::Mat& ink, const std::vector<UprightLine>& teeth);

}  // namespace pleiade::reader::combs
