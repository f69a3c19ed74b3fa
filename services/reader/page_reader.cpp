#include "services/reader/page_reader.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "common/vision/blank_page.h"
#include "common/vision/orientation.h"
#include "common/vision/page_quality.h"
#include "common/vision/sketch.h"
#include "common/vision/upright.h"
#include "services/reader/comb_rows.h"
#include "services/reader/form_reading.h"
#include "services/reader/leaders.h"
#include "services/reader/line_reading.h"
#include "services/reader/second_look.h"

namespace pleiade::reader {
namespace {

constexpr double kOcrDpi = 200;           // below, small print is lost; above, nothing is won and time grows
constexpr double kOrientationSure = 0.5;  // below, a few lines are read both ways (vision/orientation.h)
constexpr double kSkewMin = 0.2;          // what make_upright leaves alone
constexpr double kLegible = 0.40;         // mean confidence under which the page may be upside down
constexpr double kReadsWell = 0.80;       // what is upside down never reads like that
constexpr double kReadsBetter = 0.25;     // than any other way up: no further line would change it
constexpr double kReadsMore = 0.15;       // than the way up that was thought right
constexpr int kTellingMarks = 32;         // of a line that tells whether it is read the right way up
constexpr std::size_t kTellingLines = 3, kTellingLetters = 16;
// Whether they settle the page is asked for less than reading a line takes.
constexpr std::size_t kAnchorsAtOnce = 2, kOthersAtOnce = 4;
constexpr int kFewMarks = 4;         // a drawing, a stamp's border, a paraph: large, and says nothing
constexpr int kLinesMax = 160;       // more are noise, or a page that lines do not describe
constexpr double kPaperWhite = 225;  // greyer paper is evened out before it is read

std::size_t letters_in(const std::vector<OcrLine>& lines) {
    std::size_t letters = 0;
    for (const auto& line : lines) {
        for (const auto& word : line.words) letters += word.text.size();
    }
    return letters;
}

double mean_confidence(const std::vector<OcrLine>& lines) {
    double total = 0;
    for (const auto& line : lines) {
        for (const auto& word : line.words) total += word.confidence * static_cast<double>(word.text.size());
    }
    const auto letters = letters_in(lines);
    return letters < 8 ? 0 : total / static_cast<double>(letters);
}

// Its type was certain before all its lines were read: so it was read the right way up, however few of its letters.
bool was_settled(const OcrPage& page) {
    return page.letters_unread > 0;
}

// Staples and punch holes that the first look took for ink: no word was read, and what is there hugs the edges.
bool only_margin_marks(const vision::PageSketch& sketch) {
    const int margin = static_cast<int>(vision::PageSketch::pixels(20));
    const cv::Rect inner(margin, margin, sketch.grey.cols - 2 * margin, sketch.grey.rows - 2 * margin);
    return std::all_of(sketch.marks.begin(), sketch.marks.end(),
                       [&](const vision::Mark& mark) { return (mark.box & inner).empty(); });
}

// A few lines that hold enough letters to tell reading from guessing, and no more: time grows with their length.
std::vector<TextLine> telling_lines(std::vector<TextLine> lines) {
    std::erase_if(lines, [](const TextLine& line) { return line.marks < 8 || line.marks > 70; });
    std::stable_sort(lines.begin(), lines.end(), [](const TextLine& a, const TextLine& b) {
        return std::abs(a.marks - kTellingMarks) < std::abs(b.marks - kTellingMarks);
    });
    if (lines.size() > kTellingLines) lines.erase(lines.begin() + kTellingLines, lines.end());
    return lines;
}

// A page turned one way, with those of its lines that are read to see whether it is the right one.
struct Turn {
    int rotation = 0;
    vision::UprightPage page;
    std::vector<TextLine> sample;
    std::vector<OcrLine> read;
};

// Reads line by line in each way, until one of them is clearly right.
Result<int> best_rotation(const vision::PageImage& image, const vision::Orientation& guess, OcrEngine& engine,
                          const std::function<bool()>& alive) {
    std::vector<int> rotations = {guess.rotation, (guess.rotation + 180) % 360};
    if (!guess.lines_certain) {
        rotations.push_back((guess.rotation + 90) % 360);
        rotations.push_back((guess.rotation + 270) % 360);
    }
    const auto less_legible = [](const Turn& a, const Turn& b) {
        return mean_confidence(a.read) < mean_confidence(b.read);
    };
    std::vector<Turn> turns;
    auto best = turns.begin();
    for (std::size_t round = 0; round < kTellingLines; ++round) {
        for (std::size_t i = 0; i < rotations.size(); ++i) {
            if (round == 0) {
                const int rotation = rotations[i];
                const bool guessed_lines = rotation % 180 == guess.rotation % 180;
                auto page = vision::make_upright(image, rotation, guessed_lines ? guess.skew_degrees : 0, kOcrDpi);
                auto sample = telling_lines(find_text_lines(page.grey));
                turns.push_back({rotation, std::move(page), std::move(sample), {}});
            }
            auto& turn = turns[i];
            if (round >= turn.sample.size()) continue;
            auto lines = read_lines(turn.page.grey, {turn.sample[round]}, {0}, engine, alive);
            if (!lines) return pass_on(lines);
            std::move(lines->begin(), lines->end(), std::back_inserter(turn.read));
            if (letters_in(turn.read) >= kTellingLetters && mean_confidence(turn.read) > kReadsWell)
                return turn.rotation;
        }
        best = std::max_element(turns.begin(), turns.end(), less_legible);
        const double confidence = mean_confidence(best->read);
        const bool clearly = std::all_of(turns.begin(), turns.end(), [&](const Turn& other) {
            return &other == &*best || confidence > mean_confidence(other.read) + kReadsBetter;
        });
        if (clearly && confidence > kLegible && letters_in(best->read) >= kTellingLetters) break;
    }
    return best->rotation;
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

std::vector<CombLine> read_combs(const Sheet& sheet, const cv::Mat& grey, digits::DigitModel& model) {
    const StepClock clock(Step::Combs, sheet.steps);
    return read_comb_rows(grey, find_comb_rows(grey), model);
}

// Reads a page turned by `rotation`: its combs, the lines that are likely to say what it is, and the others unless
// those settled it.
class TextReading {
  public:
    TextReading(const Sheet& sheet, const PageTools& tools, const std::function<bool()>& alive)
        : sheet_(sheet), tools_(tools), alive_(alive) {}

    Result<OcrPage> read(int rotation, OcrLayout layout) {
        const auto page = turned(sheet_, rotation);
        combs_ = read_combs(sheet_, page.grey, tools_.digits);
        const cv::Mat text = without_told(page.grey, combs_);
        lines_.clear();
        std::vector<Box> empty_combs;
        for (const auto& comb : combs_) {
            if (!comb.text.words.empty()) lines_.push_back(comb.text);
            if (comb.empty()) empty_combs.push_back(comb.box);
        }
        auto done = layout == OcrLayout::Page ? whole(text) : by_lines(page.grey, text, rotation);
        if (!done) return pass_on(done);
        auto read = page_of(sheet_, page.grey, rotation, std::move(lines_));
        read.letters_unread = letters_unread_;
        read.empty_combs = std::move(empty_combs);
        const StepClock clock(Step::Combs, sheet_.steps);
        look_again_for_numbers(page.grey, tools_.digits, read);
        return read;
    }

  private:
    Result<void> whole(const cv::Mat& text) {
        const StepClock clock(Step::FullText, sheet_.steps);
        auto lines = tools_.engine.read(text, kOcrDpi, OcrLayout::Page, alive_);
        if (!lines) return pass_on(lines);
        letters_unread_ = 0;
        take(std::move(*lines));
        return {};
    }

    struct Batch {
        std::vector<TextLine> lines;
        std::vector<int> blocks;
        Step step = Step::FullText;
    };

    // The largest letters, then the rest of head and foot, then the body; among the former, what is hardly a
    // word comes last.
    static std::vector<Batch> batches_of(const std::vector<TextLine>& lines, int page_height) {
        const auto blocks = paragraphs_of(lines);
        const double usual = usual_letter_height(lines);
        std::vector<std::size_t> anchors, others;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            (is_anchor(lines[i], usual, page_height) ? anchors : others).push_back(i);
        }
        const auto telling = [&](std::size_t i) {
            return std::pair(lines[i].marks >= kFewMarks, lines[i].letter_height);
        };
        std::stable_sort(anchors.begin(), anchors.end(),
                         [&](std::size_t a, std::size_t b) { return telling(a) > telling(b); });
        std::vector<Batch> batches;
        const auto add = [&](std::size_t i, Step step, std::size_t most) {
            if (batches.empty() || batches.back().step != step || batches.back().lines.size() >= most)
                batches.push_back({{}, {}, step});
            batches.back().lines.push_back(lines[i]);
            batches.back().blocks.push_back(blocks[i]);
        };
        for (const auto i : anchors) add(i, Step::AnchorLines, kAnchorsAtOnce);
        for (const auto i : others) add(i, Step::FullText, kOthersAtOnce);
        return batches;
    }

    Result<void> by_lines(const cv::Mat& grey, const cv::Mat& with_dots, int rotation) {
        std::vector<TextLine> lines;
        cv::Mat text;
        {
            const StepClock clock(Step::AnchorLines, sheet_.steps);
            std::vector<cv::Rect> dots;
            lines = find_text_lines(with_dots, &dots);
            text = without_dots(with_dots, dots);
        }
        if (lines.size() > kLinesMax) return whole(text);
        letters_unread_ = 0;
        for (const auto& line : lines) letters_unread_ += line.marks;
        for (const auto& batch : batches_of(lines, grey.rows)) {
            const StepClock clock(batch.step, sheet_.steps);
            auto read = read_lines(text, batch.lines, batch.blocks, tools_.engine, alive_);
            if (!read) return pass_on(read);
            take(std::move(*read));
            for (const auto& line : batch.lines) letters_unread_ -= line.marks;
            // A judge who can hardly read asks for more.
            if (letters_unread_ == 0 || !tools_.settled || mean_confidence(lines_) < kLegible) continue;
            auto so_far = page_of(sheet_, grey, rotation, lines_);
            so_far.letters_unread = letters_unread_;
            if (tools_.settled(so_far)) break;
        }
        return {};
    }

    void take(std::vector<OcrLine> lines) {
        distrust_untold(lines, combs_);
        std::move(lines.begin(), lines.end(), std::back_inserter(lines_));
    }

    const Sheet& sheet_;
    const PageTools& tools_;
    const std::function<bool()>& alive_;
    std::vector<CombLine> combs_;
    std::vector<OcrLine> lines_;
    int letters_unread_ = 0;
};

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

Result<void> read_recognised(const Sheet& sheet, const Recognised& found, const PageTools& tools,
                             const std::function<bool()>& alive, PageRead& read) {
    const auto page = turned(sheet, found.rotation);
    const auto to_page =
        forms::to_upright(found.match, sheet.sketch.grey.size(), sheet.image.grey.size(), page.upright.map);
    const auto combs = [&](const cv::Mat& grey, const std::vector<CombRow>& rows) {
        return read_comb_rows(grey, rows, tools.digits);
    };
    const StepClock clock(Step::FormWriting, sheet.steps);
    auto reading = read_form(*tools.forms, found.match, to_page, page.grey, tools.engine, combs, alive);
    if (!reading) return pass_on(reading);
    read.reading.rotation = found.rotation;
    read.text = page_of(sheet, page.grey, found.rotation, std::move(reading->lines));
    read.text.empty_combs = std::move(reading->empty_combs);
    read.form = std::move(reading->form);
    return {};
}

}  // namespace

Result<PageRead> read_page(const vision::PageImage& image, int page, std::optional<PageKind> known,
                           const PageTools& tools, const std::function<bool()>& alive) {
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
        const bool blank = vision::is_blank(sketch);
        if (blank && image.codes.empty()) {
            read.reading.kind = PageKind::Blank;
            return read;
        }
        read.reading.quality = vision::judge_quality(image, sketch, blank);
    }
    Sheet sheet{image, sketch, {}, read.steps};
    {
        const StepClock clock(Step::Orientation, read.steps);
        sheet.orientation = vision::find_orientation(sketch);
    }
    if (const auto found = recognise(sheet, tools.forms)) {
        auto done = read_recognised(sheet, *found, tools, alive, read);
        if (!done) return pass_on(done);
        read.text.page = page;
        return read;
    }
    const auto& guess = sheet.orientation;
    int rotation = guess.rotation;
    const bool sure = guess.certainty >= kOrientationSure;
    if (!sure) {
        const StepClock clock(Step::TurnedLines, read.steps);
        const auto best = best_rotation(image, guess, tools.engine, alive);
        if (!best) return pass_on(best);
        rotation = *best;
    }
    TextReading reading(sheet, tools, alive);
    auto text = reading.read(rotation, OcrLayout::Line);
    if (!text) return pass_on(text);
    // Rare enough to afford more: the other way up, or, where no line was found, the engine's own idea of where they
    // are.
    const bool no_lines = text->lines.empty();
    if (!was_settled(*text) && mean_confidence(text->lines) < kLegible && (no_lines || sure)) {
        const int other = no_lines ? rotation : (rotation + 180) % 360;
        auto second = reading.read(other, no_lines ? OcrLayout::Page : OcrLayout::Line);
        if (!second) return pass_on(second);
        if (was_settled(*second) || mean_confidence(second->lines) > mean_confidence(text->lines) + kReadsMore) {
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
