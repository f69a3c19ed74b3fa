// Is the ink of a blank on the page? Asked of a few points in each small block of the blank, block by block: what is
// filled in, stamped or torn off changes some blocks and leaves the others as they are.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "services/reader/forms/page_look.h"

namespace pleiade::reader::forms {

// Points of the blank's ink, in blocks. Text first: rules are alike on all forms.
struct Probes {
    struct Block {
        cv::Point2d centre;  // pixels of the blank
        int first = 0, count = 0;
    };
    std::vector<cv::Point2f> points;
    std::vector<Block> blocks;
};

Probes make_probes(const cv::Mat& ink);

enum class BlockState {
    Found,    // the blank's ink is there
    Missing,  // there is less ink than the blank has, or other ink
    Covered,  // too much ink, or outside the image: nothing can be said
};

struct Verification {
    cv::Matx33d to_scan;  // pixels of the blank -> pixels of the sketch, refined
    std::vector<BlockState> blocks;
    std::vector<double> kappas;  // per block
    double score = 0;            // share of the ink found beyond what chance would find, over the blocks not covered
    double seen_share = 0;       // blocks not covered, of all
    int found = 0, missing = 0;
};

// Refines `to_scan` block by block, then judges. About 2 ms.
Verification verify(const Probes& probes, const PageLook& page, const cv::Matx33d& to_scan);

}  // namespace pleiade::reader::forms
