#include "services/reader/fields/numbers.h"

#include <algorithm>
#include <optional>

#include "common/base/check.h"

namespace pleiade::reader::fields {
namespace {

// Gaps, in heights of text.
constexpr double kWideGapMin = 0.6;
constexpr double kRunBreak = 8;
constexpr double kWideGapOverMedian = 1.8;
constexpr std::size_t kSurplusMax = 2;  // boxes that a comb was taken to have more than it has

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// The usual confusions of OCR between letters and figures; 0 when the character is taken for no figure.
char figure_for(char c) {
    switch (c) {
        case 'O':
        case 'o':
        case 'Q':
        case 'D':
            return '0';
        case 'I':
        case 'i':
        case 'l':
        case '!':
            return '1';
        case 'Z':
        case 'z':
            return '2';
        case 'A':
            return '4';
        case 'S':
        case 's':
        case '$':
            return '5';
        case 'G':
        case 'b':
            return '6';
        case 'B':
            return '8';
        case 'g':
        case 'q':
            return '9';
        default:
            return 0;
    }
}

// Borders of combs and what people put between groups.
bool is_separator(char c) {
    return std::string_view("|[](){}_.:;-'/\\=~").find(c) != std::string_view::npos;
}

struct Reading {
    std::vector<Figure> figures;
    int digits = 0;
    bool number = false;  // belongs to a run
};

// Commas are what OCR makes of the teeth of a comb: one or two figures between them. An amount has more before.
bool commas_are_teeth(const std::string& text) {
    int figures = 0;
    for (const char c : text) {
        figures = c == ',' ? 0 : is_digit(c) ? figures + 1 : figures;
        if (figures > 2) return false;
    }
    return true;
}

// What the digit model saw in one box. A figure that was not told stays in its place, as the likeliest one.
Reading read_box(const Word& word, int index) {
    Reading reading;
    reading.number = true;
    const auto figures_end = word.odds->begin() + 10;
    const auto digit =
        static_cast<char>('0' + (std::max_element(word.odds->begin(), figures_end) - word.odds->begin()));
    const char read = word.text.front();
    reading.figures.push_back({digit, read == 'A' || read == 'B' || is_digit(read) ? read : '?', index});
    reading.digits = is_digit(read) ? 1 : 0;
    return reading;
}

Reading read_word(const Word& word, int index) {
    if (word.odds) return read_box(word, index);
    Reading reading;
    const bool teeth = commas_are_teeth(word.text);
    int letters = 0;
    bool slash = false;
    for (std::size_t i = 0; i < word.text.size(); ++i) {
        const char c = word.text[i];
        if (is_digit(c)) {
            reading.figures.push_back({c, c, index});
            ++reading.digits;
        } else if (const char figure = figure_for(c)) {
            reading.figures.push_back({figure, c, index});
            ++letters;
        } else if (c == 'a' && reading.figures.size() == 1) {  // 2a of Corsica
            reading.figures.push_back({'4', 'A', index});
            ++letters;
        } else if (is_separator(c) || (c == ',' && teeth)) {
            slash = slash || c == '/';
        } else if (static_cast<unsigned char>(c) >= 0x80) {
            // Typographic dashes and quotes between figures; any other letter makes it a word.
            if (word.text.compare(i, 2, "\xE2\x80") != 0 || i + 2 >= word.text.size()) return reading;
            i += 2;
        } else {
            return reading;
        }
    }
    const bool date = slash && reading.digits >= 3;
    const bool footnote = reading.digits == 1 && word.text.size() == 3 && word.text.front() == '(';
    const bool one_letter = reading.digits == 0 && letters == 1 && word.text.size() <= 3;
    reading.number = !date && !footnote && (letters == 0 || one_letter || letters <= reading.digits);
    return reading;
}

std::vector<std::size_t> cuts_of(const PageRows& page, const Row& row, const std::vector<Figure>& figures) {
    std::vector<int> gaps;
    const auto gap_before = [&](std::size_t i) {
        const auto& left = row.words[static_cast<std::size_t>(figures[i - 1].word)].box;
        const auto& right = row.words[static_cast<std::size_t>(figures[i].word)].box;
        return right.x - right_of(left);
    };
    for (std::size_t i = 1; i < figures.size(); ++i) {
        if (figures[i].word != figures[i - 1].word) gaps.push_back(gap_before(i));
    }
    std::vector<std::size_t> cuts = {0};
    if (!gaps.empty()) {
        auto sorted = gaps;
        const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
        std::nth_element(sorted.begin(), middle, sorted.end());
        const double wide = std::max(kWideGapMin * page.text_height, kWideGapOverMedian * *middle);
        for (std::size_t i = 1; i < figures.size(); ++i) {
            if (figures[i].word == figures[i - 1].word) continue;
            const bool letter_at_an_end =
                (i == 1 && figures[0].corrected()) || (i + 1 == figures.size() && figures[i].corrected());
            if (letter_at_an_end || gap_before(i) > wide) cuts.push_back(i);
        }
    }
    cuts.push_back(figures.size());
    return cuts;
}

Candidate candidate_of(const Row& row, const NumberRun& run, std::size_t from, std::size_t to) {
    Candidate candidate;
    candidate.row = run.row;
    candidate.first_word = run.figures[from].word;
    candidate.last_word = run.figures[to - 1].word;
    candidate.box = box_of(row, candidate.first_word, candidate.last_word);
    candidate.weakest = 1;
    double sum = 0;
    int words = 0;
    for (std::size_t i = from; i < to; ++i) {
        const auto& figure = run.figures[i];
        candidate.digits += figure.digit;
        candidate.read += figure.read;
        candidate.corrected += figure.corrected() ? 1 : 0;
        const double confidence = row.words[static_cast<std::size_t>(figure.word)].confidence;
        sum += confidence;
        candidate.weakest = std::min(candidate.weakest, confidence);
        if (i == from || figure.word != run.figures[i - 1].word) ++words;
    }
    candidate.confidence = sum / static_cast<double>(to - from);
    for (std::size_t i = from; i < to; ++i) {
        const auto& odds = row.words[static_cast<std::size_t>(run.figures[i].word)].odds;
        if (!odds) break;
        candidate.odds.push_back(*odds);
    }
    if (candidate.odds.size() != to - from) candidate.odds.clear();
    candidate.comb = words * 3 > static_cast<int>(to - from) * 2;
    return candidate;
}

}  // namespace

PersonFigures person_figures(const Candidate& candidate) {
    constexpr std::size_t kCorsicanLetter = 6;  // 2A or 2B stands at 5 and 6
    PersonFigures figures{candidate.digits, candidate.corrected};
    if (candidate.read.size() <= kCorsicanLetter) return figures;
    const char letter = candidate.read[kCorsicanLetter];
    if ((letter == 'A' || letter == 'B') && figures.text[kCorsicanLetter - 1] == '2') {
        figures.text[kCorsicanLetter] = letter;  // as read: no correction
        --figures.corrected;
    }
    return figures;
}

std::vector<NumberRun> number_runs(const PageRows& page) {
    std::vector<NumberRun> runs;
    for (std::size_t r = 0; r < page.rows.size(); ++r) {
        const auto& row = page.rows[r];
        NumberRun run;
        bool has_digit = false;
        const auto close = [&] {
            if (has_digit) {
                run.row = static_cast<int>(r);
                run.cuts = cuts_of(page, row, run.figures);
                runs.push_back(run);
            }
            run = {};
            has_digit = false;
        };
        std::optional<int> right_edge;
        for (std::size_t w = 0; w < row.words.size(); ++w) {
            const auto reading = read_word(row.words[w], static_cast<int>(w));
            const auto& box = row.words[w].box;
            if (!reading.number || (right_edge && box.x - *right_edge > kRunBreak * page.text_height)) close();
            right_edge = right_of(box);
            if (!reading.number) continue;
            has_digit = has_digit || reading.digits > 0;
            run.figures.insert(run.figures.end(), reading.figures.begin(), reading.figures.end());
        }
        close();
    }
    return runs;
}

std::vector<Candidate> stretches(const PageRows& page, const std::vector<NumberRun>& runs, std::size_t length) {
    PLEIADE_CHECK(length > 0);
    std::vector<Candidate> found;
    for (const auto& run : runs) {
        std::size_t end = 0;
        for (const auto from : run.cuts) {  // cuts are sorted: two fingers, linear
            while (end < run.cuts.size() && run.cuts[end] < from + length) ++end;
            if (end == run.cuts.size() || run.cuts[end] != from + length) continue;
            found.push_back(candidate_of(page.rows[static_cast<std::size_t>(run.row)], run, from, from + length));
        }
    }
    return found;
}

std::vector<LooseCandidate> loose_stretches(const PageRows& page, const std::vector<NumberRun>& runs,
                                            std::size_t length) {
    std::vector<LooseCandidate> found;
    for (const auto& run : runs) {
        const auto& row = page.rows[static_cast<std::size_t>(run.row)];
        for (std::size_t i = 1; i < run.cuts.size(); ++i) {
            const auto from = run.cuts[i - 1], boxes = run.cuts[i] - from;
            if (boxes <= length || boxes > length + kSurplusMax) continue;
            for (std::size_t left_out = 0; left_out <= boxes - length; ++left_out) {
                auto candidate = candidate_of(row, run, from + left_out, from + left_out + length);
                if (!candidate.odds.empty()) found.push_back({std::move(candidate), static_cast<int>(boxes - length)});
            }
        }
    }
    return found;
}

}  // namespace pleiade::reader::fields
