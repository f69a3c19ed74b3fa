#include "tests/mail/painter.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "common/base/csv.h"

namespace pleiade::mail {
namespace {

constexpr double kTightest = -1.6;  // millimetres taken from under each row: beyond, rows would touch

bool is_form(const Template& form) {
    return form.option("paper", "form") == "form";
}

// Letters have no print run: what is chosen for one is chosen for it alone.
Rng edition_of(const Template& form, const Rng& sheet, int edition) {
    return is_form(form) ? Rng(20).fork(form.id, static_cast<std::uint64_t>(edition)) : sheet.fork("print");
}

}  // namespace

int pick_edition(Rng& rng) {
    const double at = rng.real(0, 1);
    return at < 0.5 ? 1 : at < 0.85 ? 2 : 3;
}

bool is_printed_form(const Template& form) {
    static const std::set<std::string, std::less<>> kPrint = {"p",    "note",   "head",    "centre", "big",  "sub",
                                                              "foot", "corner", "section", "table",  "title"};
    return is_form(form) && std::ranges::none_of(form.lines, [](const TemplateLine& line) {
               return kPrint.contains(line.verb) && line.rest.find('{') != std::string::npos;
           });
}

ChosenWording choose_wording(const std::vector<TemplateLine>& lines, Rng& rng) {
    ChosenWording chosen;
    auto& kept = chosen.lines;
    for (std::size_t i = 0; i < lines.size();) {
        if (lines[i].verb != "wording") {
            kept.push_back(lines[i++]);
            continue;
        }
        std::vector<std::pair<std::size_t, std::size_t>> blocks;
        while (i < lines.size() && lines[i].verb == "wording") {
            const std::size_t from = ++i;
            while (i < lines.size() && lines[i].verb != "wording" && lines[i].verb != "end") ++i;
            blocks.emplace_back(from, i);
        }
        if (i < lines.size()) ++i;  // end
        const auto& block = rng.pick(blocks);
        const auto [from, to] = block;
        chosen.name += (chosen.name.empty() ? "" : ".") + std::to_string(1 + (&block - blocks.data()));
        kept.insert(kept.end(), lines.begin() + static_cast<std::ptrdiff_t>(from),
                    lines.begin() + static_cast<std::ptrdiff_t>(to));
    }
    return chosen;
}

void paint_spread(const Template& form, const Dossier& dossier, const Desk& desk, const Rng& rng,
                  PaintOptions options) {
    if (form.option("paper", "form") == "form") {
        const Desk scratch{[] { return std::make_unique<Canvas>(PaperSettings{.dpi = 12}); }, [](const PageDraft&) {}};
        const auto room = [&] { return Painter(form, dossier, scratch, rng, options).measure(); };
        const auto runs_off = [](double left) { return left < kTightest; };
        // A sheet that is too full is set in smaller letters, then tighter, as printers do.
        auto left = room();
        for (int i = 0; i < 4 && std::ranges::any_of(left, runs_off); ++i) {
            options.letters *= 0.95;
            left = room();
        }
        for (double& each : left)
            each = each < 0 ? std::max(each * 1.05 - 0.05, kTightest) : std::min(each * 0.92, 4.0);
        options.stretch = std::move(left);
    }
    Painter(form, dossier, desk, rng, std::move(options)).paint();
}

Painter::Painter(const Template& form, const Dossier& dossier, const Desk& desk, Rng rng, PaintOptions options)
    : form_(form),
      dossier_(dossier),
      desk_(desk),
      rng_(rng),
      edition_(edition_of(form, rng, options.edition)),
      print_(edition_.fork("style")),
      options_(std::move(options)) {
    style_ = make_style(form, print_);
    style_.points *= options_.letters;
    const double hand = std::stod(form.option("hand", "55")) / 100;
    if (rng_.chance(hand)) {
        ink_ = hand_ink(form.half, rng_);
    } else if (form.option("ink", "typed") == "letter") {
        ink_ = letter_ink(form.half, rng_);
    } else {
        ink_ = typed_ink(form.half, rng_);
    }
    if (!options_.blank) left_ += rng_.real(-2, 2);
    sender_right_ = form.half == Half::Test ? rng_.chance(0.5) : rng_.chance(0.15);
}

std::vector<double> Painter::measure() {
    ends_.clear();
    paint();
    return ends_;
}

void Painter::paint() {
    page_number_ = 0;
    page_of_form_ = 0;
    Rng rng = edition_.fork("wording");
    const auto chosen = choose_wording(form_.lines, rng);
    wording_ = chosen.name;
    open_page("");
    for (const auto& line : chosen.lines) run(line);
    close_page();
}

void Painter::run(const TemplateLine& line) {
    if (line.verb == "page") {
        close_page();
        open_page(line.rest);
        return;
    }
    if (skipping_) return;
    const std::string& rest = line.rest;
    const std::map<std::string, std::function<void()>, std::less<>> verbs = {
        {"cerfa", [&] { cerfa(printed(rest).text); }},
        {"title", [&] { title(rest); }},
        {"sub", [&] { sub(rest); }},
        {"corner", [&] { corner(rest); }},
        {"section", [&] { section(rest); }},
        {"head", [&] { y_ = block(printed(rest), left_ + 1, y_ + 0.6, width_ - 2, label(1.1, true)) + 0.4; }},
        {"p", [&] { y_ = block(printed(rest), left_ + 1, y_ + 0.4, width_ - 2, label()) + 0.6; }},
        {"note", [&] { y_ = block(printed(rest), left_ + 1, y_ + 0.3, width_ - 2, label(0.85, false, true)) + 0.4; }},
        {"centre", [&] { y_ = block(printed(rest), left_, y_ + 0.4, width_, label(1.15, true), 0) + 0.8; }},
        {"big", [&] { y_ = block(printed(rest), left_, y_ + 1, width_, label(2.2, true), 0) + 1.5; }},
        {"row", [&] { row(rest); }},
        {"area", [&] { area(rest); }},
        {"table", [&] { table(rest); }},
        {"tr", [&] { table_row(rest); }},
        {"legal", [&] { legal(rest); }},
        {"gap", [&] { y_ += std::stod(rest); }},
        {"rule",
         [&] {
             canvas().line(left_, y_ + 1, right(), y_ + 1, 0.3, style_.ink);
             y_ += 2.2;
         }},
        {"sref",
         [&] {
             const TextStyle style = label(1.05, true);
             const std::string reference = printed(rest).text;
             canvas().text(right() - canvas().measure(reference, style).width, 287.5, reference, style);
         }},
        {"foot", [&] { block(printed(rest), left_, 288, width_, label(0.95), 0); }},
        {"art", [&] { art(rest); }},
        {"letterhead", [&] { letterhead(rest); }},
        {"from", [&] { sender(rest); }},
        {"to", [&] { addressee(rest); }},
        {"place",
         [&] {
             const Rich text = rich(rest);
             const double x = form_.half == Half::Train || !sender_right_ ? left_ + width_ * 0.52 : left_ + 4;
             Written written = write(canvas(), x, y_, width_ * 0.48, text, ink_, rng_);
             y_ = written.bottom + 5;
             collect(std::move(written));
         }},
        {"object",
         [&] {
             say(rest, !ink_.hand);
             y_ += 3;
         }},
        {"say", [&] { say(rest, false, form_.half == Half::Train ? 0 : 8); }},
        {"line",
         [&] {
             say(rest, false);
             y_ -= 1.6;
         }},
        {"signed", [&] { signed_by(rest); }},
        {"ruled", [&] { ruled_paper(); }},
        {"ink", [&] { ink_ = rest == "hand" ? hand_ink(form_.half, rng_) : typed_ink(form_.half, rng_); }},
    };
    const auto verb = verbs.find(line.verb);
    if (verb == verbs.end()) {
        fmt::print(stderr, "template {}, line {}: no verb \"{}\"\n", form_.id, line.number, line.verb);
        PLEIADE_CHECK(verb != verbs.end());
    }
    verb->second();
}

// "page", "page volet=2", "page narrow"
void Painter::open_page(const std::string& rest) {
    int volet = 0;
    flowing_ = false;
    for (const auto& word : split(rest, ' ')) {
        if (word.starts_with("volet=")) volet = std::stoi(word.substr(6));
    }
    skipping_ =
        volet > 0 && !options_.volets.empty() && std::ranges::find(options_.volets, volet) == options_.volets.end();
    if (rest.empty() && form_.lines.front().verb == "page") skipping_ = true;  // the template opens its pages itself
    print_ = edition_.fork("page", page_of_form_++);
    top_ = 9 + print_.real(-1.5, 2.5);
    y_ = top_;
    legal_top_ = 287;
    if (skipping_) return;
    stretch_ = page_number_ < options_.stretch.size() ? options_.stretch[page_number_] : 0;
    ++page_number_;
    rows_ = 0;
    page_ = PageDraft{};
    page_.canvas = desk_.paper();
    page_.volet = volet;
    page_.wording = wording_;
    if (style_.page_framed && form_.option("paper", "form") == "form") {
        canvas().frame({left_ - 2, top_ - 2, width_ + 4, 288 - top_ + 4}, 0.35, style_.ink);
    }
}

void Painter::close_page() {
    if (skipping_ || page_.canvas == nullptr) return;
    ends_.push_back(rows_ == 0 ? 0 : (legal_top_ - 2 - y_) / rows_);
    page_.cut = y_ > legal_top_ + 1.5;
    desk_.done(std::move(page_));
    page_ = PageDraft{};
}

TextStyle Painter::label(double scale, bool bold, bool italic) const {
    return {.font = style_.font, .points = style_.points * scale, .bold = bold, .italic = italic, .colour = style_.ink};
}

void Painter::collect(Written written) {
    for (auto& field : written.fields) page_.fields.push_back(std::move(field));
}

double Painter::block(const Rich& rich, double x, double y, double width, const TextStyle& style, int align) {
    const std::string& text = rich.text;
    const auto measure = [&](std::size_t from, std::size_t to) {
        return canvas().measure(std::string_view(text).substr(from, to - from), style).width;
    };
    double at = y;
    const double pitch = canvas().measure("Hp", style).height * 1.02;
    const auto flush = [&](std::size_t from, std::size_t to) {
        if (from >= to) return;
        const double wide = measure(from, to);
        const double left = align < 0 ? x : align == 0 ? x + (width - wide) / 2 : x + width - wide;
        canvas().text(left, at, std::string_view(text).substr(from, to - from), style);
        for (const auto& mark : rich.marks) {
            const std::size_t first = std::max(from, mark.from), last = std::min(to, mark.to);
            if (first >= last) continue;
            const Rect where{left + measure(from, first), at, measure(first, last), pitch};
            page_.fields.push_back({mark.field, mark.value, false, canvas().in_pixels(where)});
        }
        at += pitch;
    };
    std::size_t begin = 0, end = 0;  // the line so far
    for (std::size_t i = 0; i < text.size();) {
        std::size_t stop = text.find(' ', i);
        if (stop == std::string::npos) stop = text.size();
        if (stop == i) {
            ++i;
            continue;
        }
        if (text.compare(i, stop - i, "/") == 0) {
            flush(begin, end);
            begin = end = stop;
        } else if (begin < end && measure(begin, stop) > width) {
            flush(begin, end);
            begin = i;
            end = stop;
        } else {
            if (begin >= end) begin = i;
            end = stop;
        }
        i = stop;
    }
    flush(begin, end);
    return at;
}

}  // namespace pleiade::mail
