#include "common/vision/page_quality.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <opencv2/imgproc.hpp>

namespace pleiade::vision {
namespace {

double mm(double millimetres) {
    return PageSketch::pixels(millimetres);
}

// The darkness that text has where it is darkest: the 90th percentile over ink.
int ink_darkness(const PageSketch& sketch) {
    int histogram[256] = {};
    int total = 0;
    for (int y = 0; y < sketch.darkness.rows; y += 2) {
        const std::uint8_t* dark = sketch.darkness.ptr(y);
        const std::uint8_t* ink = sketch.ink.ptr(y);
        for (int x = 0; x < sketch.darkness.cols; ++x) {
            if (ink[x]) ++histogram[dark[x]], ++total;
        }
    }
    int seen = 0;
    for (int level = 255; level >= 0; --level) {
        seen += histogram[level];
        if (seen * 10 >= total && total > 0) return level;
    }
    return 0;
}

// The steepest step found along the ink, as a share of its darkness: a sharp edge makes it within a pixel or two, a
// blurred one takes five or more.
double sharpest_step(const PageImage& page, const PageSketch& sketch, int darkness) {
    if (darkness == 0) return 1;
    const cv::Mat& grey = page.grey.cols > 2 * sketch.grey.cols ? sketch.grey : page.grey;
    int histogram[256] = {};
    int total = 0;
    for (int y = 0; y < grey.rows; y += 2) {
        const std::uint8_t* row = grey.ptr(y);
        for (int x = 1; x < grey.cols; ++x) {
            const int step = std::abs(row[x] - row[x - 1]);
            if (step > 4) ++histogram[step], ++total;
        }
    }
    int seen = 0;
    for (int step = 255; step > 0; --step) {
        seen += histogram[step];
        if (seen * 20 >= total && total > 0) return step / double(darkness);
    }
    return 1;
}

// Letters that touch one edge of the image, on the worst of the four.
int letters_cut(const PageSketch& sketch) {
    int edges[4] = {};
    const cv::Size page = sketch.grey.size();
    for (const Mark& mark : sketch.marks) {
        const cv::Rect& box = mark.box;
        const int longer = std::max(box.width, box.height);
        if (longer < mm(1) || longer > mm(8) || mark.area * 8 < box.area()) continue;
        if (box.x == 0) ++edges[0];
        if (box.y == 0) ++edges[1];
        if (box.br().x == page.width) ++edges[2];
        if (box.br().y == page.height) ++edges[3];
    }
    return *std::max_element(edges, edges + 4);
}

}  // namespace

Quality judge_quality(const PageImage& page, const PageSketch& sketch, bool blank) {
    if (std::min(page.grey.cols, page.grey.rows) < 120) return Quality::Unreadable;
    if (blank) return Quality::Ok;
    const int darkness = ink_darkness(sketch);
    const bool too_dark = sketch.bitonal ? sketch.black_share > 0.5 : sketch.paper < 70;
    const bool too_light = !sketch.bitonal && darkness < 60;
    const bool blurred = !sketch.bitonal && sharpest_step(page, sketch, darkness) < 0.14;
    if ((too_dark || too_light) && blurred) return Quality::Unreadable;
    if (too_dark) return Quality::TooDark;
    if (too_light) return Quality::TooLight;
    if (blurred) return Quality::Blurred;
    if (letters_cut(sketch) >= 12) return Quality::Cut;
    return Quality::Ok;
}

}  // namespace pleiade::vision
