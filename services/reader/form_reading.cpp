#include "services/reader/form_reading.h"

#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string_view>

#include "services/reader/fields/labels.h"
#include "services/reader/forms/printed_words.h"
#include "services/reader/line_reading.h"
#include "services/reader/loose_figures.h"
#include "services/reader/loose_number.h"

namespace pleiade::reader {
namespace {

constexpr double kDpi = 200;
constexpr int kInkMin = 14;       // pixels: less is no character
constexpr int kTallLine = 110;    // 14 mm: a stamp or several lines, which the engine cuts by itself
constexpr int kLinesMax = 60;     // more than that is noise: the page is then read as a whole
constexpr int kPaper = 12;        // of white around a line, which the engine needs
constexpr int kAfterLabel = 710;  // 90 mm: how far an answer begins behind its label
constexpr int kBelowLabel = 95;   // 12 mm
constexpr double kLowest = 0.8, kHighest = 1.6, kUsualHeight = 1.2;  // of cells, in steps from one to the next
constexpr double kSure = 0.97;  // of each character: cells that need no second look
constexpr int kAround = 64;     // 8 mm: what is looked at around a comb, so that its own lines are told apart

// What was written in the cells of a comb, and the empty cells as they are; no cells when all of them are empty. What
// was added is judged and not the page itself: on forms, the lines between cells are known better than they are seen.
CombRow characters_in(const forms::PlacedZone& zone, const cv::Mat& ink) {
    CombRow row;
    cv::Rect all;
    for (const auto& cell : zone.cells) {
        const cv::Rect box = cv::Rect(cell.x, cell.y, cell.width, cell.height) & cv::Rect(0, 0, ink.cols, ink.rows);
        if (box.empty() || cv::countNonZero(ink(box)) < kInkMin) {
            row.cells.push_back(cell);
            continue;
        }
        std::vector<cv::Point> points;
        cv::findNonZero(ink(box), points);
        cv::Rect character = cv::boundingRect(points);
        character.x += box.x;
        character.y += box.y;
        row.cells.push_back({character.x, character.y, character.width, character.height});
        all = all.empty() ? character : all | character;
    }
    if (all.empty()) row.cells.clear();
    row.box = {all.x, all.y, all.width, all.height};
    return row;
}

// How likely the weakest of its characters is.
double surety_of(const CombLine& comb) {
    double surety = comb.told && !comb.text.words.empty() ? 1 : 0;
    for (const auto& word : comb.text.words) surety = std::min(surety, word.confidence);
    return surety;
}

CombRow moved_by(CombRow row, int x, int y) {
    const auto move = [&](Box& box) {
        box.x += x;
        box.y += y;
    };
    move(row.box);
    for (auto& cell : row.cells) move(cell);
    return row;
}

bool is_at(const forms::PlacedZone& zone, const CombRow& row) {
    const Box &asked = zone.box, &found = row.box;
    const int wide = std::min(asked.x + asked.width, found.x + found.width) - std::max(asked.x, found.x);
    const int high = std::min(asked.y + asked.height, found.y + found.height) - std::max(asked.y, found.y);
    return row.cells.size() == zone.cells.size() && 10 * wide > 7 * std::max(asked.width, found.width) &&
           2 * high > std::min(asked.height, found.height);
}

struct ReadZone {
    const forms::PlacedZone* zone = nullptr;
    CombRow characters;  // what was added in it
    CombLine line;
};

// A number with its key before all, then boxes that are known as empty, then what is surer.
bool is_better(const CombLine& one, const CombLine& other) {
    const bool number = is_person_number(one.text), other_number = is_person_number(other.text);
    if (number != other_number) return number;
    if (!other.told && one.empty()) return true;
    return surety_of(one) > surety_of(other);
}

// The comb that the page shows where the form has one.
std::optional<CombRow> comb_on_page(const cv::Mat& upright, const forms::PlacedZone& zone) {
    const cv::Rect around = cv::Rect(zone.box.x - kAround, zone.box.y - kAround, zone.box.width + 2 * kAround,
                                     zone.box.height + 2 * kAround) &
                            cv::Rect(0, 0, upright.cols, upright.rows);
    for (auto& found : find_comb_rows(upright(around))) {
        auto row = moved_by(std::move(found), around.x, around.y);
        if (is_at(zone, row)) return row;
    }
    return std::nullopt;
}

// The cells as the blank knows them, on the page itself: its lines are then taken out where they are seen.
CombRow cells_on_page(const forms::PlacedZone& zone) {
    CombRow row{zone.box, zone.cells, true, true};
    // Teeth are shorter than what is written between them, and what stands above them is of another row.
    const int step = zone.box.width / static_cast<int>(zone.cells.size());
    const bool of_cells = zone.box.height > kLowest * step && zone.box.height < kHighest * step;
    const int missing = of_cells ? 0 : static_cast<int>(kUsualHeight * step) - zone.box.height;
    const auto raise = [&](Box& box) {
        box.y -= missing;
        box.height += missing;
    };
    raise(row.box);
    std::for_each(row.cells.begin(), row.cells.end(), raise);
    const Box &first = zone.cells.front(), &last = zone.cells.back();
    if (last.x > first.x) row.slope = static_cast<double>(last.y - first.y) / (last.x - first.x);
    return row;
}

// Cells are read on the page itself, where the form's lines are taken out as they are seen. What is not told well there
// is read again: without the blank's print, which takes strokes of the figures along but knows every line; and, where a
// scan has drawn the form a little beside, in the cells that are found on the page.
void read_cells(const forms::AddedInk& added, const cv::Mat& upright, const ReadCombs& read_combs,
                std::vector<ReadZone>& combs) {
    const auto unsure = [](const ReadZone& comb) { return surety_of(comb.line) < kSure; };
    const auto read_again = [&](ReadZone& comb, const cv::Mat& grey, const CombRow& row) {
        auto again = read_combs(grey, {row}).front();
        if (is_better(again, comb.line)) comb.line = std::move(again);
    };
    std::vector<CombRow> rows;
    for (const auto& comb : combs) rows.push_back(cells_on_page(*comb.zone));
    auto lines = read_combs(upright, rows);
    for (std::size_t i = 0; i < lines.size(); ++i) combs[i].line = std::move(lines[i]);
    for (auto& comb : combs) {
        if (unsure(comb)) read_again(comb, added.grey, comb.characters);
    }
    for (auto& comb : combs) {
        if (!unsure(comb)) continue;
        if (const auto row = comb_on_page(upright, *comb.zone)) read_again(comb, upright, *row);
    }
}

void read_known_combs(const forms::AddedInk& added, const cv::Mat& upright, const ReadCombs& read_combs,
                      FormReading& reading) {
    std::vector<ReadZone> combs;
    for (const auto& zone : reading.form.zones) {
        if (zone.kind != forms::ZoneKind::Comb) continue;
        auto row = characters_in(zone, added.ink);
        if (row.cells.empty()) {
            reading.empty_combs.push_back(zone.box);
        } else {
            combs.push_back({&zone, std::move(row), {}});
        }
    }
    read_cells(added, upright, read_combs, combs);
    for (auto& [zone, characters, comb] : combs) {
        if (comb.empty()) reading.empty_combs.push_back(comb.box);
        if (!comb.told) comb.text.words.push_back({"?", 0, comb.box});  // written, and not told
        reading.lines.push_back(std::move(comb.text));
    }
}

bool answers(const Box& written, const Box& label) {
    const int middle = written.y + written.height / 2;
    const int label_end = label.x + label.width, label_bottom = label.y + label.height;
    const bool beside = middle > label.y - 8 && middle < label_bottom + 12;
    const bool below = middle >= label_bottom && middle < label_bottom + kBelowLabel;
    const bool behind = written.x + written.width > label_end && written.x < label_end + kAfterLabel;
    return (beside && behind) ||
           (below && written.x < label_end + kAfterLabel / 3 && written.x + written.width > label.x - kBelowLabel);
}

// Fields of the contract; a second zone for the same one is called nir_2.
bool names_a_field(std::string_view zone) {
    static const std::array<std::string_view, 15> kFields = {
        "nir",           "beneficiary_nir", "birth_date", "last_name", "first_name", "postal_code",
        "iban",          "siret",           "finess",     "rpps",      "caisse",     "document_date",
        "accident_date", "period_from",     "period_to"};
    const auto end = zone.find_last_not_of("0123456789");
    if (end != std::string_view::npos && end + 1 < zone.size() && zone[end] == '_') zone = zone.substr(0, end);
    return std::find(kFields.begin(), kFields.end(), zone) != kFields.end();
}

bool stands_in(const Box& written, const Box& zone) {
    const int x = written.x + written.width / 2, y = written.y + written.height / 2;
    return x >= zone.x && x < zone.x + zone.width && y >= zone.y && y < zone.y + zone.height;
}

// What the print of a form asks for, and where.
class Questions {
  public:
    Questions(const OcrPage& print, const std::vector<forms::PlacedZone>& zones)
        : zones_(zones), labels_(fields::find_labels(fields::page_rows(print)).labels) {}

    // Writing that may be an identifier: in a zone of that name, or near a label that asks for one. The rest (acts,
    // reasons, stamps) settles nothing when the page is sorted.
    bool asks_for(const Box& written) const {
        return any(written, names_a_field, [](fields::Label label) {
            return label != fields::Label::Other && label != fields::Label::Address;
        });
    }
    bool asks_for_a_nir(const Box& written) const {
        return any(
            written,
            [](std::string_view zone) { return zone.starts_with("nir") || zone.starts_with("beneficiary_nir"); },
            [](fields::Label label) { return label == fields::Label::Nir; });
    }

  private:
    template <class NamedZone, class Asked>
    bool any(const Box& written, const NamedZone& named, const Asked& asked) const {
        return std::any_of(
                   zones_.begin(), zones_.end(),
                   [&](const forms::PlacedZone& zone) { return named(zone.name) && stands_in(written, zone.box); }) ||
               std::any_of(labels_.begin(), labels_.end(),
                           [&](const fields::LabelHit& hit) { return asked(hit.label) && answers(written, hit.box); });
    }

    const std::vector<forms::PlacedZone>& zones_;
    const std::vector<fields::LabelHit> labels_;
};

// Numbers of persons on lines without boxes; the writing that was told is taken out of `written`.
void read_loose_numbers(const forms::AddedInk& added, const Questions& questions, const ReadCombs& read_combs,
                        std::vector<Box>& written, FormReading& reading) {
    const ReadRows read = [&](const std::vector<CombRow>& cut) { return read_combs(added.grey, cut); };
    std::erase_if(written, [&](const Box& box) {
        if (!questions.asks_for_a_nir(box)) return false;
        auto number = loose_number_at(added.ink, box, read);
        if (number) reading.lines.push_back(std::move(number->text));
        return number.has_value();
    });
}

cv::Mat line_image(const cv::Mat& grey, const Box& box) {
    cv::Mat line;
    cv::copyMakeBorder(grey(cv::Rect(box.x, box.y, box.width, box.height)), line, kPaper, kPaper, kPaper, kPaper,
                       cv::BORDER_CONSTANT, cv::Scalar(255));
    return line;
}

void move_by(OcrLine& line, int x, int y) {
    line.box.x += x;
    line.box.y += y;
    for (auto& word : line.words) {
        word.box.x += x;
        word.box.y += y;
    }
}

// Several lines that their writing has joined. What lines do not describe is left to the engine.
Result<std::vector<OcrLine>> read_several(const cv::Mat& image, OcrEngine& engine, const std::function<bool()>& alive) {
    const auto lines = find_text_lines(image);
    if (lines.empty()) return engine.read(image, kDpi, OcrLayout::Page, alive);
    return read_lines(image, lines, paragraphs_of(lines), engine, alive);
}

Result<void> read_writing(const forms::AddedInk& added, const std::vector<Box>& where, OcrEngine& engine,
                          const std::function<bool()>& alive, FormReading& out) {
    std::vector<Box> boxes = where;
    if (boxes.size() > kLinesMax) boxes = {{0, 0, added.grey.cols, added.grey.rows}};
    int block = 1 << 16;  // writing is nobody's paragraph
    for (const auto& box : boxes) {
        const auto image = line_image(added.grey, box);
        auto lines = box.height > kTallLine ? read_several(image, engine, alive)
                                            : engine.read(image, kDpi, OcrLayout::Line, alive);
        if (!lines) return pass_on(lines);
        ++out.lines_read;
        for (auto& line : *lines) {
            move_by(line, box.x - kPaper, box.y - kPaper);
            line.block += block;
            out.lines.push_back(std::move(line));
        }
        block += 1 << 8;
    }
    return {};
}

}  // namespace

Result<FormReading> read_form(const forms::Recogniser& recogniser, const forms::FormMatch& match,
                              const cv::Matx33d& to_page, const cv::Mat& upright, OcrEngine& engine,
                              const ReadCombs& read_combs, const std::function<bool()>& alive) {
    const auto& registered = recogniser.form(match.form);
    FormReading reading;
    reading.form = forms::describe(recogniser, match);
    reading.form.zones = forms::place_zones(registered.form, to_page, upright.size());
    const auto added = forms::added_to(recogniser.print_of(match.form).all, to_page, upright);
    forms::decide_ticks(reading.form.zones, added.ink);

    reading.lines = forms::lines_on_page(registered.words, to_page);
    read_known_combs(added, upright, read_combs, reading);

    auto written = forms::written_lines(added.ink, reading.form.zones);
    OcrPage print;
    print.width = upright.cols;
    print.height = upright.rows;
    print.lines = forms::lines_on_page(registered.words, to_page);
    const Questions questions(print, reading.form.zones);
    read_loose_numbers(added, questions, read_combs, written, reading);
    if (!registered.form.stamp_counts) {
        std::erase_if(written, [&](const Box& box) { return !questions.asks_for(box); });
    }
    if (auto done = read_writing(added, written, engine, alive, reading); !done) return pass_on(done);
    std::stable_sort(reading.lines.begin(), reading.lines.end(),
                     [](const OcrLine& a, const OcrLine& b) { return a.box.y < b.box.y; });
    return reading;
}

}  // namespace pleiade::reader
