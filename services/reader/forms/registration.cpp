#include "services/reader/forms/registration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <opencv2/imgproc.hpp>

#include "common/vision/blank_page.h"
#include "common/vision/orientation.h"
#include "common/vision/upright.h"
#include "services/reader/forms/blank_text.h"
#include "services/reader/forms/printed_words.h"
#include "services/reader/forms/probes.h"
#include "services/reader/forms/zone_finder.h"
#include "services/reader/marks.h"

namespace pleiade::reader::forms {
namespace {

constexpr int kSureInk = 100;  // darkness: paler print is lost by bitonal scanners, and must not be missed then
constexpr int kAnyInk = 24;    // above the grain of a scanned blank
constexpr double kOcrDpi = 300, kCombsDpi = 200;
constexpr double kUpsideDown = 0.5;     // certainty from which a blank is turned
constexpr std::size_t kBlocksMin = 20;  // with less print, chance could find it on another page

// "14463*03": what follows the number, printed with it.
std::string version_after(const std::string& raw, const std::string& digits) {
    for (auto at = raw.find(digits); at != std::string::npos; at = raw.find(digits, at + 1)) {
        auto next = at + digits.size();
        while (next < raw.size() && raw[next] == ' ') ++next;
        if (next + 2 >= raw.size() || (raw[next] != '*' && raw[next] != '#')) continue;
        const auto figure = [&](std::size_t i) { return std::isdigit(static_cast<unsigned char>(raw[i])) != 0; };
        if (figure(next + 1) && figure(next + 2)) return raw.substr(next + 1, 2);
    }
    return "";
}

void read_marks(const OcrPage& page, Form& form) {
    const PageText text(page);
    if (form.cerfa.empty()) {
        for (const auto& number : find_form_numbers(text)) {
            if (!number.own || !number.marked) continue;
            form.cerfa = number.digits;
            form.notice |= number.notice;
            break;
        }
    }
    if (form.version.empty() && !form.cerfa.empty()) form.version = version_after(text.raw(), form.cerfa);
    if (form.reference.empty()) {
        for (const auto& reference : find_s_references(text)) {
            if (reference.own && !reference.doubtful) form.reference = reference.text;
        }
    }
    form.volet = find_volet(text);
}

}  // namespace

std::string file_name_of(const Form& form) {
    std::string name = form.type;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    for (const auto& part : {form.cerfa.empty() ? form.reference : form.cerfa, form.version}) {
        if (!part.empty()) name += '-' + part;
    }
    return fmt::format("{}-{}{}", name, form.notice ? "n" : "p", form.page);
}

Result<RegisteredForm> register_page(const vision::PageImage& image, const FormNaming& naming, OcrEngine& engine,
                                     const std::function<bool()>& alive) {
    const auto first_look = vision::make_sketch(image);
    const auto too_little = [&] {
        return invalid(
            "FORM_NOT_A_BLANK",
            fmt::format("page {} has too little print to be told from other pages; leave it out with --pages",
                        naming.page));
    };
    if (vision::is_blank(first_look)) return too_little();
    auto orientation = vision::find_orientation(first_look);
    if (orientation.certainty < kUpsideDown) orientation.rotation = 0;

    vision::PageImage upright;
    upright.grey = vision::make_upright(image, orientation, kOcrDpi).grey;
    upright.dpi_x = upright.dpi_y = kOcrDpi;
    const auto sketch = vision::make_sketch(upright);

    RegisteredForm registered;
    auto& form = registered.form;
    form.type = naming.type;
    form.cerfa = naming.cerfa;
    form.version = naming.version;
    form.reference = naming.reference;
    form.page = naming.page;
    form.notice = naming.notice;
    form.size = {sketch.ink.cols / pixels_per_mm(), sketch.ink.rows / pixels_per_mm()};
    cv::threshold(sketch.darkness, registered.print.sure, kSureInk, 255, cv::THRESH_BINARY);
    cv::threshold(sketch.darkness, registered.print.all, kAnyInk, 255, cv::THRESH_BINARY);
    if (make_probes(registered.print.sure).blocks.size() < kBlocksMin) return too_little();

    cv::Mat coarse;
    cv::resize(upright.grey, coarse, {}, kCombsDpi / kOcrDpi, kCombsDpi / kOcrDpi, cv::INTER_AREA);
    auto combs = drawn_zones(coarse);
    auto words = read_blank(upright.grey, coarse, combs, engine, alive);
    if (!words) return pass_on(words);
    registered.words = std::move(*words);
    read_marks(page_of_words(registered.words, form.size), form);
    form.zones = find_zones(sketch.darkness, registered.words, std::move(combs));
    name_zones(form.zones, registered.words, form.size);
    form.id = file_name_of(form);
    return registered;
}

}  // namespace pleiade::reader::forms
