// The verbs of letters and of papers that are not forms.
#include <algorithm>
#include <cmath>

#include "common/base/csv.h"
#include "tests/mail/painter.h"

namespace pleiade::mail {

namespace {

// "a / b / c": one line each.
std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (true) {
        const auto bar = text.find(" / ");
        lines.emplace_back(trim(text.substr(0, bar)));
        if (bar == std::string_view::npos) return lines;
        text.remove_prefix(bar + 3);
    }
}

}  // namespace

void Painter::lines_block(const std::string& text, double x, double width, bool bold_first) {
    bool first = true;
    for (const auto& line : lines_of(choose_lines(text, rng_))) {
        Ink ink = ink_;
        if (bold_first && first && !ink.hand) ink.style.bold = true;
        Written written = write(canvas(), x, y_, width, rich(line), ink, rng_);
        y_ = written.bottom;
        collect(std::move(written));
        first = false;
    }
}

void Painter::sender(const std::string& text) {
    if (!flowing_) y_ = std::max(y_, 16 + rng_.real(0, 8));
    flowing_ = true;
    const double from = y_;
    lines_block(text, sender_right_ ? left_ + width_ * 0.58 : left_ + 4, width_ * 0.42, rng_.chance(0.3));
    // A reply address often stands level with the addressee when it is on the other side.
    if (sender_right_) y_ = std::max(from + 18, y_ - 8);
    y_ += 3;
}

void Painter::addressee(const std::string& text) {
    lines_block(text, sender_right_ ? left_ + 4 : left_ + width_ * 0.52, width_ * 0.48, false);
    y_ += rng_.real(4, 8);
}

void Painter::say(const std::string& text, bool bold, double indent) {
    Ink ink = ink_;
    ink.style.bold = bold;
    Rich words = rich(text);
    const double pitch = canvas().measure("n", ink.style).height * (ink.hand ? 0.95 : 1.08);
    const double lines = std::ceil(canvas().measure(words.text, ink.style).width * 1.12 / (width_ - 8 - indent));
    if (y_ + lines * pitch > 282) {  // the letter goes on overleaf
        close_page();
        open_page("overleaf");
        y_ = 18;
    }
    const double jitter = ink.hand ? rng_.real(0, 3) : 0;
    Written written =
        write(canvas(), left_ + 4 + jitter + indent * 0.5, y_, width_ - 8 - indent * 0.5, words, ink, rng_);
    y_ = written.bottom + 2;
    collect(std::move(written));
}

void Painter::signed_by(const std::string& text) {
    if (y_ > 262) {
        close_page();
        open_page("overleaf");
        y_ = 18;
    }
    const double x = left_ + width_ * (form_.half == Half::Train ? 0.58 : rng_.real(0.1, 0.6));
    Written written = write(canvas(), x, y_ + 3, width_ * 0.4, rich(text), ink_, rng_);
    const double below = written.bottom;
    collect(std::move(written));
    draw_signature(canvas(), {x, below, 55, 16}, ink_.hand ? ink_.style.colour : Colour{0.06, 0.09, 0.4}, rng_);
    y_ = below + 17;
}

// "NAME / line / line": the printed head of an organisation's paper.
void Painter::letterhead(const std::string& text) {
    const auto lines = lines_of(choose_lines(text, rng_));
    const bool centred = form_.half == Half::Test;
    const TextStyle name = label(1.9, true), small = label(0.95);
    double y = 12;
    if (rng_.chance(0.5)) draw_sunburst(canvas(), centred ? right() - 10 : left_ + 10, 20, 8, style_.ink);
    const double x = centred ? left_ : left_ + 22;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        y = block(rich(lines[i]), x, y, width_ - 24, i == 0 ? name : small, centred ? 0 : -1);
    }
    if (centred) canvas().line(left_, y + 1.5, right(), y + 1.5, 0.4, style_.ink);
    y_ = std::max(y + 5, 30.0);
    flowing_ = true;
}

// A sheet of a school exercise book.
void Painter::ruled_paper() {
    if (!ink_.hand || rng_.chance(0.5)) return;
    const Colour rule{0.62, 0.68, 0.86};
    const double step = rng_.chance(0.5) ? 8 : 5;
    for (double y = 14; y < 292; y += step) canvas().line(0, y, 210, y, 0.15, rule);
    if (step > 6) {
        canvas().line(22, 0, 22, 297, 0.25, {0.85, 0.5, 0.55});
    } else {
        for (double x = 5; x < 210; x += step) canvas().line(x, 0, x, 297, 0.15, rule);
    }
}

}  // namespace pleiade::mail
