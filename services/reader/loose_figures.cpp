#include "services/reader/loose_figures.h"

#include <algorithm>
#include <array>
#include <limits>

#include "common/domain/identifiers/nir.h"
#include "common/vision/marks.h"

namespace pleiade::reader {
namespace {

// Pixels at 200 dpi (8 a millimetre).
constexpr int kSpeckArea = 5;
constexpr int kHeightMin = 10, kHeightMax = 75;
constexpr int kFormLine = 90;                   // longer is none of a character
constexpr double kTall = 0.5;                   // of the usual height: less is a dot, a dash or a loose stroke
constexpr double kAbove = 0.45, kBelow = 0.35;  // of the usual height: how far a character reaches out of its row
constexpr double kWide = 0.35;                  // of its height: no upright stroke
constexpr double kThin = 0.34, kWhole = 0.8;    // of its own height, of the usual one
constexpr double kFlat = 0.6;                   // of the usual height
constexpr double kHangs = 0.2;          // of the usual height, below the row: a tooth on what is left of its line
constexpr double kDrawn = 0.22;         // of its box that is ink: less is lines and no writing...
constexpr double kAroundFigure = 0.35;  // ...where it reaches around that much of a figure's box
constexpr double kDarker = 1.3;         // times: how much more of its box a figure fills than the lines around it
constexpr std::size_t kTellingMin = 5;
constexpr std::size_t kTeethMax = 6;
constexpr double kOfOneFigure = 0.4;   // of the narrower piece's width, shared: two strokes of one figure
constexpr double kWiderThanOne = 1.2;  // times the usual height: two figures that touch, a word
constexpr double kApartMax = 3;        // times the usual height, of white within a number
constexpr int kRowsMax = 3;            // of a stretch

using Pieces = std::vector<cv::Rect>;

double fill_of(const vision::Mark& mark) {
    return static_cast<double>(mark.area) / mark.box.area();
}

// What a scan has left of a comb: a stretch of its line with teeth, whose box goes around figures.
void leave_out_frames(std::vector<vision::Mark>& marks) {
    const auto all = marks;
    std::erase_if(marks, [&](const vision::Mark& lines) {
        const double fill = fill_of(lines);
        return fill < kDrawn && std::any_of(all.begin(), all.end(), [&](const vision::Mark& figure) {
                   return figure.box.height >= kHeightMin && fill_of(figure) > kDarker * fill &&
                          (lines.box & figure.box).area() > kAroundFigure * figure.box.area();
               });
    });
}

int shared_width(const cv::Rect& a, const cv::Rect& b) {
    return std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
}

bool stands_in_row_of(const cv::Rect& tall, const cv::Rect& piece) {
    const int middle = piece.y + piece.height / 2;
    return middle >= tall.y && middle < tall.y + tall.height;
}

// The pieces at one height, where most of them are; taken out of `pieces`.
Pieces fullest_row(Pieces& pieces) {
    const cv::Rect* reference = nullptr;
    std::ptrdiff_t most = 0;
    for (const auto& tall : pieces) {
        if (tall.height < kHeightMin) continue;
        const auto count = std::count_if(pieces.begin(), pieces.end(),
                                         [&](const cv::Rect& piece) { return stands_in_row_of(tall, piece); });
        if (count > most) {
            most = count;
            reference = &tall;
        }
    }
    if (reference == nullptr) return {};
    const cv::Rect tall = *reference;
    const auto others = std::stable_partition(pieces.begin(), pieces.end(),
                                              [&](const cv::Rect& piece) { return !stands_in_row_of(tall, piece); });
    Pieces row(others, pieces.end());
    pieces.erase(others, pieces.end());
    return row;
}

int median(std::vector<int> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// Where the characters of a row stand, told by those that are no upright strokes: teeth of combs and bars are.
struct Band {
    int top = 0, bottom = 0;
    int height() const { return bottom - top; }
    // Teeth and frames reach out of it, or are short thin strokes where a scan has broken them; their edges are flat,
    // or wholly under or over it.
    bool holds(const cv::Rect& piece) const {
        const bool thin = piece.width <= kThin * piece.height && piece.height < kWhole * height();
        const bool flat = piece.width > kWiderThanOne * height() && piece.height < kFlat * height();
        const bool outside = piece.y >= bottom || piece.br().y <= top;
        const bool hangs = piece.height < kWhole * height() && piece.br().y > bottom + kHangs * height();
        return !thin && !flat && !outside && !hangs && piece.y >= top - kAbove * height() &&
               piece.br().y <= bottom + kBelow * height();
    }
};

Band band_of(const Pieces& pieces) {
    std::vector<int> tops, bottoms;
    for (const bool wide : {true, false}) {
        for (const auto& piece : pieces) {
            if (piece.height < kHeightMin || (wide && piece.width < kWide * piece.height)) continue;
            tops.push_back(piece.y);
            bottoms.push_back(piece.br().y);
        }
        if (tops.size() >= kTellingMin) break;
    }
    return tops.empty() ? Band{} : Band{median(tops), median(bottoms)};
}

// The bar of a 5 or a 7, the second stroke of a 4: they stand over or under what they belong to.
void join_strokes(Pieces& pieces) {
    std::sort(pieces.begin(), pieces.end(), [](const cv::Rect& a, const cv::Rect& b) { return a.x < b.x; });
    for (std::size_t i = 1; i < pieces.size();) {
        auto& before = pieces[i - 1];
        if (shared_width(before, pieces[i]) >= kOfOneFigure * std::min(before.width, pieces[i].width)) {
            before |= pieces[i];
            pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(i));
        } else {
            ++i;
        }
    }
}

// Of a few too many, the narrowest go: teeth of a comb that a scan has made as tall as figures. Of many too many, what
// comes after the number.
void leave(Pieces& number, std::size_t most) {
    if (number.size() > most + kTeethMax) number.resize(most);
    while (number.size() > most) {
        number.erase(std::min_element(number.begin(), number.end(),
                                      [](const cv::Rect& a, const cv::Rect& b) { return a.width < b.width; }));
    }
}

// Where the pieces of a row stand close enough to be one number, and there are enough of them.
std::vector<Pieces> numbers_in(const Pieces& row, int height, std::size_t least, std::size_t most) {
    std::vector<Pieces> numbers;
    Pieces number;
    const auto close = [&] {
        leave(number, most);
        if (number.size() >= least) numbers.push_back(number);
        number.clear();
    };
    for (const auto& piece : row) {
        const bool too_wide = piece.width > kWiderThanOne * height;
        const bool too_far = !number.empty() && piece.x - number.back().br().x > kApartMax * height;
        if (too_wide || too_far) close();
        if (!too_wide) number.push_back(piece);
    }
    close();
    return numbers;
}

CombRow row_of(const Pieces& pieces, cv::Point origin) {
    CombRow row;
    cv::Rect all = pieces.front();
    for (const auto& piece : pieces) {
        row.cells.push_back({piece.x + origin.x, piece.y + origin.y, piece.width, piece.height});
        all |= piece;
    }
    row.box = {all.x + origin.x, all.y + origin.y, all.width, all.height};
    return row;
}

}  // namespace

std::vector<CombRow> figures_apart(const cv::Mat& ink, const Box& box, std::size_t least, std::size_t most) {
    const cv::Rect where = cv::Rect(box.x, box.y, box.width, box.height) & cv::Rect(0, 0, ink.cols, ink.rows);
    if (where.empty()) return {};
    Pieces pieces;
    auto marks = vision::find_marks(ink(where), kSpeckArea);
    leave_out_frames(marks);
    for (const auto& mark : marks) {
        if (mark.box.width < kFormLine && mark.box.height <= kHeightMax) pieces.push_back(mark.box);
    }
    std::vector<CombRow> rows;
    for (int i = 0; i < kRowsMax && pieces.size() >= least; ++i) {
        auto row = fullest_row(pieces);
        const auto band = band_of(row);
        const int height = band.height();
        if (height <= 0) break;
        std::erase_if(row, [&](const cv::Rect& piece) { return !band.holds(piece); });
        join_strokes(row);
        std::erase_if(row, [&](const cv::Rect& piece) { return piece.height < kTall * height; });
        auto numbers = numbers_in(row, height, least, most);
        // As many thin strokes as figures: the boxes that a scan has taken apart, or figures 1. Who asks may choose.
        std::erase_if(row, [](const cv::Rect& piece) { return piece.width <= kThin * piece.height; });
        for (auto& number : numbers_in(row, height, least, most)) {
            if (std::find(numbers.begin(), numbers.end(), number) == numbers.end()) numbers.push_back(number);
        }
        for (const auto& number : numbers) rows.push_back(row_of(number, where.tl()));
    }
    return rows;
}

bool stands_in_groups_of_a_nir(const CombRow& row) {
    constexpr std::array<std::size_t, 6> kGroupsBegin = {1, 3, 5, 7, 10, 13};
    if (row.cells.size() != kNirFigures) return false;
    int widest_within = 0, narrowest_between = std::numeric_limits<int>::max();
    for (std::size_t i = 1; i < row.cells.size(); ++i) {
        const auto& before = row.cells[i - 1];
        const int gap = row.cells[i].x - before.x - before.width;
        if (std::find(kGroupsBegin.begin(), kGroupsBegin.end(), i) != kGroupsBegin.end()) {
            narrowest_between = std::min(narrowest_between, gap);
        } else {
            widest_within = std::max(widest_within, gap);
        }
    }
    return narrowest_between > widest_within;
}

bool is_person_number(const OcrLine& line) {
    std::string text;
    for (const auto& word : line.words) text += word.text;
    const auto number = parse_person_number(text);
    return number && number->status == FieldStatus::Valid;
}

}  // namespace pleiade::reader
