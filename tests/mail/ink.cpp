#include "tests/mail/ink.h"

#include <algorithm>

#include "tests/mail/people.h"

namespace pleiade::mail {
namespace {

const std::vector<Colour> kPens = {
    {0.05, 0.08, 0.35}, {0.05, 0.08, 0.35}, {0.08, 0.12, 0.55}, {0.06, 0.06, 0.08}, {0.1, 0.1, 0.12}};

std::string as_written(std::string_view text, const Ink& ink) {
    std::string out = ink.accents ? std::string(text) : unaccent(text);
    return ink.capitals ? upper(out) : out;
}

struct Word {
    std::size_t from, to;  // bytes of the rich text
};

std::vector<Word> words_of(const std::string& text) {
    std::vector<Word> words;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == ' ') {
            ++i;
            continue;
        }
        std::size_t end = text.find(' ', i);
        if (end == std::string::npos) end = text.size();
        words.push_back({i, end});
        i = end;
    }
    return words;
}

// Where a mark's own letters stand inside a word that also holds a bracket or a full stop.
Rect part_of(const Canvas& canvas, const Ink& ink, const std::string& word, std::size_t from, std::size_t to,
             const Rect& whole) {
    const double before = canvas.measure(as_written(word.substr(0, from), ink), ink.style).width;
    const double inside = canvas.measure(as_written(word.substr(from, to - from), ink), ink.style).width;
    return {whole.x + (from == 0 ? 0 : before), whole.y, inside, whole.h};
}

class MarkBoxes {
  public:
    explicit MarkBoxes(const Rich& rich) : rich_(rich), boxes_(rich.marks.size()) {}
    void cover(const Canvas& canvas, const Ink& ink, const Word& word, const Rect& where) {
        for (std::size_t m = 0; m < rich_.marks.size(); ++m) {
            const auto& mark = rich_.marks[m];
            const std::size_t from = std::max(word.from, mark.from), to = std::min(word.to, mark.to);
            if (from >= to) continue;
            const std::string text = rich_.text.substr(word.from, word.to - word.from);
            boxes_[m] = boxes_[m].with(part_of(canvas, ink, text, from - word.from, to - word.from, where));
        }
    }
    std::vector<DrawnField> fields(const Canvas& canvas, const Ink& ink) const {
        std::vector<DrawnField> out;
        for (std::size_t m = 0; m < boxes_.size(); ++m) {
            if (!boxes_[m].empty())
                out.push_back({rich_.marks[m].field, rich_.marks[m].value, ink.hand, canvas.in_pixels(boxes_[m])});
        }
        return out;
    }

  private:
    const Rich& rich_;
    std::vector<Rect> boxes_;
};

}  // namespace

Ink hand_ink(Half half, Rng& rng) {
    const HandFont& hand = rng.pick(fonts_of(half).hands);
    Ink ink;
    ink.hand = true;
    ink.style.font = hand.family;
    ink.style.points = 13.5 * hand.scale * rng.real(0.93, 1.07);
    ink.style.embolden_mm = hand.embolden_mm;
    ink.style.colour = rng.pick(kPens);
    ink.accents = hand.accents;
    ink.capitals = !hand.accents;
    return ink;
}

Ink typed_ink(Half half, Rng& rng) {
    Ink ink;
    ink.style.font = rng.pick(fonts_of(half).typed);
    ink.style.points = rng.real(9.2, 10.8);
    ink.style.colour = kBlack;
    return ink;
}

Ink letter_ink(Half half, Rng& rng) {
    Ink ink;
    ink.style.font = rng.pick(fonts_of(half).letters);
    ink.style.points = rng.real(10.2, 12);
    ink.style.colour = kBlack;
    return ink;
}

Written write(Canvas& canvas, double x, double y, double width, const Rich& rich, const Ink& ink, Rng& rng,
              double pitch) {
    const Extent space = canvas.measure("n n", ink.style);
    const double gap = space.width - 2 * canvas.measure("n", ink.style).width;
    const double step = pitch > 0 ? pitch : space.height * (ink.hand ? 0.95 : 1.08);
    Written written;
    MarkBoxes marks(rich);
    double at = x, line = y;
    const double slope = ink.hand ? rng.gauss() * 0.002 : 0;  // nobody writes quite level
    for (const Word& word : words_of(rich.text)) {
        const std::string text = as_written(std::string_view(rich.text).substr(word.from, word.to - word.from), ink);
        const Extent extent = canvas.measure(text, ink.style);
        if (at > x && at + extent.width > x + width) {
            at = x + (ink.hand ? std::abs(rng.gauss()) * 0.8 : 0);
            line += step;
        }
        const double wobble = ink.hand ? rng.gauss() * 0.22 : 0;
        const double top = line + wobble + slope * (at - x);
        canvas.text(at, top, text, ink.style, ink.hand ? rng.gauss() * 0.5 : 0);
        const Rect where{at, top, extent.width, extent.height};
        written.extent = written.extent.with(where);
        marks.cover(canvas, ink, word, where);
        at += extent.width + gap * (ink.hand ? rng.real(0.85, 1.35) : 1);
    }
    written.bottom = line + step;
    written.fields = marks.fields(canvas, ink);
    return written;
}

Written write_fitted(Canvas& canvas, double x, double y, double width, const Rich& rich, Ink ink, Rng& rng) {
    double needed = canvas.measure(as_written(rich.text, ink), ink.style).width * (ink.hand ? 1.08 : 1.0);
    const double before = canvas.measure("n", ink.style).baseline;
    if (needed > width && needed > 0) {
        ink.style.points = std::max(5.5, ink.style.points * width / needed);
        y += before - canvas.measure("n", ink.style).baseline;  // the same baseline
    }
    return write(canvas, x, y, width * 1.4, rich, ink, rng);
}

Written write_comb(Canvas& canvas, const CombCells& comb, const Rich& rich, const Ink& ink, Rng& rng) {
    Written written;
    std::vector<Rect> boxes(rich.marks.size());
    std::size_t cell = 0;
    const double drift_x = rng.gauss() * (ink.hand ? 0.25 : 0.4), drift_y = rng.gauss() * 0.3;
    for (std::size_t i = 0; i < rich.text.size() && cell < comb.cells.size();) {
        std::size_t bytes = 1;
        while (i + bytes < rich.text.size() && (static_cast<unsigned char>(rich.text[i + bytes]) & 0xC0) == 0x80)
            ++bytes;
        const std::string letter = rich.text.substr(i, bytes);
        if (letter == " " || letter == "/" || letter == "\u00a0") {
            i += bytes;
            continue;
        }
        const Rect& box = comb.cells[cell];
        Ink own = ink;
        // A cell is 4 to 6 mm high: writing follows it.
        own.style.points = std::clamp(box.h * 2.35, 7.5, ink.hand ? ink.style.points * 1.1 : 11.0);
        if (ink.hand) own.style.points *= rng.real(0.92, 1.08);
        const std::string text = as_written(letter, own);
        const Extent extent = canvas.measure(text, own.style);
        const double x = box.x + (box.w - extent.width) / 2 + drift_x + (ink.hand ? rng.gauss() * 0.25 : 0);
        const double y = box.y + (box.h - extent.height) / 2 + drift_y + (ink.hand ? rng.gauss() * 0.25 : 0);
        canvas.text(x, y, text, own.style, ink.hand ? rng.gauss() * 3 : 0);
        for (std::size_t m = 0; m < rich.marks.size(); ++m) {
            if (i >= rich.marks[m].from && i < rich.marks[m].to) boxes[m] = boxes[m].with(box);
        }
        written.extent = written.extent.with(box);
        ++cell;
        i += bytes;
    }
    for (std::size_t m = 0; m < boxes.size(); ++m) {
        if (!boxes[m].empty())
            written.fields.push_back(
                {rich.marks[m].field, rich.marks[m].value, ink.hand, canvas.in_pixels(boxes[m]), true});
    }
    return written;
}

}  // namespace pleiade::mail
