// Drawn forms, registered and recognised as a reader would.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/check.h"
#include "common/vision/orientation.h"
#include "services/reader/forms/recogniser.h"
#include "services/reader/forms/registration.h"
#include "tests/unit/reader/drawn_forms.h"

namespace pleiade::reader::forms {

inline constexpr double kDpi = 200;

class NoEngine final : public OcrEngine {
  public:
    Result<std::vector<OcrLine>> read(const cv::Mat&, double, OcrLayout, const std::function<bool()>&) override {
        return std::vector<OcrLine>{};
    }
};

inline vision::PageImage image_of(const cv::Mat& grey) {
    vision::PageImage image;
    image.grey = grey;
    image.dpi_x = image.dpi_y = kDpi;
    return image;
}

inline RegisteredForm registered(const cv::Mat& blank, const std::string& version, int page = 1) {
    NoEngine engine;
    auto form = register_page(image_of(blank), {"AAT", "10170", version, "", page, false}, engine, [] { return true; });
    PLEIADE_CHECK(form);
    return std::move(*form);
}

inline std::optional<FormMatch> recognised(Recogniser& recogniser, const vision::PageImage& page) {
    const auto sketch = vision::make_sketch(page);
    const auto orientation = vision::find_orientation(sketch);
    return recogniser.recognise(look_at(sketch, orientation.rotation, orientation.skew_degrees));
}

}  // namespace pleiade::reader::forms
