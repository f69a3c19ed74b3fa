#include "services/reader/page_reader.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "common/vision/blank_page.h"
#include "common/vision/orientation.h"
#include "common/vision/page_quality.h"
#include "common/vision/sketch.h"
#include "common/vision/upright.h"
#include "services/reader/comb_rows.h"
#include "services/reader/form_reading.h"

namespace pleiade::reader {
namespace {

constexpr double kOcrDpi = 200;           // below, small print is lost; above, nothing is won and time grows
constexpr double kOrientationSure = 0.5;  // below, a few lines are read both ways (vision/orientation.h)
constexpr double kSkewMin = 0.2;          // what make_upright leaves alone
constexpr double kLegible = 0.40;         // mean confidence under which the page may be upside down
constexpr double kPaperWhite = 225;       // greyer paper is evened out before it is read

double mean_confidence(const std::vector<OcrLine>& lines) {
    double total = 0, letters = 0;
    for (const auto& line : lines) {
        for (const auto& word : line.words) {
            total += word.confidence * static_cast<double>(word.text.size());
            letters += static_cast<double>(word.text.size());
        }
    }
    return letters < 8 ? 0 : total / letters;
}

// Staples and punch holes that the first look took for ink: no word was read, and what is there hugs the edges.
bool only_margin_marks(const vision::PageSketch& sketch) {
    const int margin = static_cast<int>(vision::PageSketch::pixels(20));
    const cv::Rect inner(margin, margin, sketch.grey.cols - 2 * margin, sketch.grey.rows - 2 * margin);
    return std::all_of(sketch.marks.begin(), sketch.marks.end(),
                       [&](const vision::Mark& mark) { return (mark.box & inner).empty(); });
}

// The band of the page that holds the most marks, about six lines high.
cv::Mat densest_band(const cv::Mat& upright) {
    const int height = std::max(1, std::min(upright.rows, static_cast<int>(kOcrDpi * 1.1)));
    cv::Mat rows;
    cv::Mat dark;
    cv::threshold(upright, dark, 140, 1, cv::THRESH_BINARY_INV);
    cv::reduce(dark, rows, 1, cv::REDUCE_SUM, CV_32S);
    int sum = 0, best = -1, best_top = 0;
    for (int y = 0; y < upright.rows; ++y) {
        // Rules and black bands are no text: a row counts for at most a third of its width.
        const auto ink = [&](int at) { return std::min(rows.at<int>(at), upright.cols / 3); };
        sum += ink(y);
        if (y >= height) sum -= ink(y - height);
        if (y + 1 >= height && sum > best) {
            best = sum;
            best_top = y + 1 - height;
        }
    }
    return upright.rowRange(best_top, std::min(upright.rows, best_top + height)).clone();
}

// How well the page reads when it is turned by each of the rotations, judged on one band of it.
Result<int> best_rotation(const vision::PageImage& image, const vision::Orientation& guess, OcrEngine& engine,
                          const std::function<bool()>& alive) {
    std::vector<int> rotations = {guess.rotation, (guess.rotation + 180) % 360};
    if (!guess.lines_certain) {
        rotations.push_back((guess.rotation + 90) % 360);
        rotations.push_back((guess.rotation + 270) % 360);
    }
    int best = guess.rotation;
    double best_confidence = -1;
    for (const int rotation : rotations) {
        const bool guessed_lines = rotation % 180 == guess.rotation % 180;
        const auto turned = vision::make_upright(image, rotation, guessed_lines ? guess.skew_degrees : 0, kOcrDpi);
        const auto lines = engine.read(densest_band(turned.grey), kOcrDpi, OcrLayout::Page, alive);
        if (!lines) return pass_on(lines);
        if (const double confidence = mean_confidence(*lines); confidence > best_confidence) {
            best_confidence = confidence;
            best = rotation;
        }
    }
    return best;
}

// A page in hand: what is known of it before its text is.
struct Sheet {
    const vision::PageImage& image;
    const vision::PageSketch& sketch;
    vision::Orientation orientation;
    std::vector<StepTaken>& steps;

    double skew_at(int rotation) const {
        return rotation % 180 == orientation.rotation % 180 ? orientation.skew_degrees : 0.0;
    }
};

struct TextPage {
    vision::UprightPage upright;
    cv::Mat grey;  // its paper made even where the scan shaded it
};

TextPage turned(const Sheet& sheet, int rotation) {
    const StepClock clock(Step::Upright, sheet.steps);
    TextPage page;
    page.upright = vision::make_upright(sheet.image, rotation, sheet.skew_at(rotation), kOcrDpi);
    const bool shaded = !sheet.sketch.bitonal && sheet.sketch.paper < kPaperWhite;
    page.grey = shaded ? vision::even_out_paper(page.upright.grey) : page.upright.grey;
    return page;
}

OcrPage page_of(const Sheet& sheet, const cv::Mat& grey, int rotation, std::vector<OcrLine> lines) {
    OcrPage page;
    page.lines = std::move(lines);
    std::stable_sort(page.lines.begin(), page.lines.end(),
                     [](const OcrLine& a, const OcrLine& b) { return a.box.y < b.box.y; });
    page.width = grey.cols;
    page.height = grey.rows;
    page.rotation = rotation;
    // The two headers count the tilt in opposite directions: what is to be turned back, and how the page leans.
    const double skew = sheet.skew_at(rotation);
    page.skew_degrees = std::abs(skew) < kSkewMin ? 0 : -skew;
    page.scanned_width = sheet.image.grey.cols;
    page.scanned_height = sheet.image.grey.rows;
    return page;
}

Result<std::vector<CombLine>> read_combs(const Sheet& sheet, const cv::Mat& grey, OcrEngine& engine,
                                         const std::function<bool()>& alive) {
    const StepClock clock(Step::Combs, sheet.steps);
    return read_comb_rows(grey, find_comb_rows(grey), engine, alive);
}

// Reads the whole page, turned by `rotation`.
Result<OcrPage> read_text(const Sheet& sheet, int rotation, OcrEngine& engine, const std::function<bool()>& alive) {
    const auto page = turned(sheet, rotation);
    const auto combs = read_combs(sheet, page.grey, engine, alive);
    if (!combs) return pass_on(combs);
    const StepClock clock(Step::FullText, sheet.steps);
    auto lines = engine.read(without_told(page.grey, *combs), page.upright.dpi, OcrLayout::Page, alive);
    if (!lines) return pass_on(lines);
    for (const auto& comb : *combs) lines->push_back(comb.text);
    return page_of(sheet, page.grey, rotation, std::move(*lines));
}

struct Recognised {
    forms::FormMatch match;
    int rotation = 0;
};

// All that fits speaks of one type, and says alike whether the page is a notice.
bool agree(const forms::Recogniser& forms, const forms::FormMatch& match) {
    const auto& form = forms.form(match.form).form;
    return std::all_of(match.also.begin(), match.also.end(), [&](int other) {
        return forms.form(other).form.type == form.type && forms.form(other).form.notice == form.notice;
    });
}

// The registered form that the page bears. A page whose way up is not certain is looked at the other ways too.
std::optional<Recognised> recognise(const Sheet& sheet, forms::Recogniser* forms) {
    if (forms == nullptr || forms->size() == 0) return std::nullopt;
    const StepClock clock(Step::Forms, sheet.steps);
    std::vector<int> rotations = {sheet.orientation.rotation};
    if (sheet.orientation.certainty < kOrientationSure) {
        rotations.push_back((rotations.front() + 180) % 360);
        if (!sheet.orientation.lines_certain) {
            rotations.push_back((rotations.front() + 90) % 360);
            rotations.push_back((rotations.front() + 270) % 360);
        }
    }
    for (const int rotation : rotations) {
        const auto match = forms->recognise(forms::look_at(sheet.sketch, rotation, sheet.skew_at(rotation)));
        if (match && match->fit != forms::Fit::OtherVersion && agree(*forms, *match))
            return Recognised{*match, rotation};
    }
    return std::nullopt;
}

Result<void> read_recognised(const Sheet& sheet, const Recognised& found, forms::Recogniser& forms, OcrEngine& engine,
                             const std::function<bool()>& alive, PageRead& read) {
    const auto page = turned(sheet, found.rotation);
    const auto to_page =
        forms::to_upright(found.match, sheet.sketch.grey.size(), sheet.image.grey.size(), page.upright.map);
    const auto combs = [&](const cv::Mat& grey, const std::vector<CombRow>& rows) {
        return read_comb_rows(grey, rows, engine, alive);
    };
    const StepClock clock(Step::FormWriting, sheet.steps);
    auto reading = read_form(forms, found.match, to_page, page.grey, engine, combs, alive);
    if (!reading) return pass_on(reading);
    read.reading.rotation = found.rotation;
    read.text = page_of(sheet, page.grey, found.rotation, std::move(reading->lines));
    read.form = std::move(reading->form);
    return {};
}

}  // namespace

Result<PageRead> read_page(const vision::PageImage& image, int page, std::optional<PageKind> known, OcrEngine& engine,
                           const std::function<bool()>& alive, forms::Recogniser* forms) {
    PageRead read;
    read.reading.page = page;
    read.reading.codes = image.codes;
    read.reading.width = image.grey.cols;
    read.reading.height = image.grey.rows;
    read.text.page = page;
    if (known) read.reading.kind = *known;
    if (read.reading.kind != PageKind::Document) return read;

    vision::PageSketch sketch;
    {
        const StepClock clock(Step::Sketch, read.steps);
        sketch = vision::make_sketch(image);
        if (image.codes.empty() && vision::is_blank(sketch)) {
            read.reading.kind = PageKind::Blank;
            return read;
        }
        read.reading.quality = vision::judge_quality(image, sketch);
    }
    Sheet sheet{image, sketch, {}, read.steps};
    {
        const StepClock clock(Step::Orientation, read.steps);
        sheet.orientation = vision::find_orientation(sketch);
    }
    if (const auto found = recognise(sheet, forms)) {
        if (auto done = read_recognised(sheet, *found, *forms, engine, alive, read); !done) return pass_on(done);
        read.text.page = page;
        return read;
    }
    const auto& guess = sheet.orientation;
    int rotation = guess.rotation;
    const bool sure = guess.certainty >= kOrientationSure;
    if (!sure) {
        const StepClock clock(Step::TurnedBands, read.steps);
        const auto best = best_rotation(image, guess, engine, alive);
        if (!best) return pass_on(best);
        rotation = *best;
    }
    auto text = read_text(sheet, rotation, engine, alive);
    if (!text) return pass_on(text);
    // Sure and yet illegible: rare enough to afford the other way up.
    if (sure && mean_confidence(text->lines) < kLegible && !text->lines.empty()) {
        const int other = (rotation + 180) % 360;
        auto second = read_text(sheet, other, engine, alive);
        if (!second) return pass_on(second);
        if (mean_confidence(second->lines) > mean_confidence(text->lines) + 0.15) {
            text = std::move(second);
            rotation = other;
        }
    }
    if (text->lines.empty() && image.codes.empty() && only_margin_marks(sketch)) {
        read.reading.kind = PageKind::Blank;
        return read;
    }
    read.reading.rotation = rotation;
    read.text = std::move(*text);
    read.text.page = page;
    return read;
}

}  // namespace pleiade::reader
