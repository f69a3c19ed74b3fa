// Two registered pages that look alike (versions of one form, its volets): where they differ, and which of them a page
// is, judged there alone.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "services/reader/forms/page_look.h"

namespace pleiade::reader::forms {

// Ink that only one of the two has, by places of a few millimetres, in pixels of the first blank.
struct Differences {
    struct Place {
        cv::Point2d centre;
        std::vector<cv::Point2f> only_first, only_second;
    };
    std::vector<Place> places;
};

// `second_to_first`: pixels of the second blank -> pixels of the first.
Differences differences(const cv::Mat& first, const cv::Mat& second, const cv::Matx33d& second_to_first);

enum class Choice { First, Second, CannotTell };

// `first_to_scan`: where the first blank lies on the page; the second lies there too, as far as they are alike.
Choice choose(const Differences& differences, const PageLook& page, const cv::Matx33d& first_to_scan);

}  // namespace pleiade::reader::forms
