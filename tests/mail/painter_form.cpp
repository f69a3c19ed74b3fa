// The verbs of printed forms.
#include <algorithm>
#include <cmath>

#include "common/base/csv.h"
#include "tests/mail/painter.h"

namespace pleiade::mail {
namespace {

constexpr double kTitleLeft = 44, kTitleWidth = 122;  // between the cerfa mark and the corner

// Sizes of the groups of a comb, from the way in which its value is written: "2 84 05" gives 1, 2, 2.
std::vector<int> groups_of(std::string_view text) {
    std::vector<int> groups{0};
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        const bool no_break = c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) == 0xA0;
        if (c == ' ' || c == '/' || no_break) {
            if (groups.back() > 0) groups.push_back(0);
            if (no_break) ++i;
        } else if ((c & 0xC0) != 0x80) {
            ++groups.back();
        }
    }
    if (groups.back() == 0) groups.pop_back();
    if (groups.empty()) return {1, 2, 2, 2, 3, 3, 2};  // the one number that some people do not have: a child's NIR
    return groups;
}

// Groups of an empty comb: "comb:13,2".
std::vector<int> groups_named(std::string_view list) {
    std::vector<int> groups;
    for (const auto& item : split(list, ',')) groups.push_back(std::stoi(item));
    return groups;
}

int cells_in(const std::vector<int>& groups) {
    int sum = 0;
    for (const int count : groups) sum += count;
    return sum;
}

// Cells are parted by " | ", so that the choices "[[a||b]]" stay whole.
std::vector<std::string> cells_of(const std::string& row) {
    const std::string padded = " " + row + " ";  // the first and the last may be empty
    std::string_view text = padded;
    std::vector<std::string> cells;
    while (true) {
        const auto bar = text.find(" | ");
        cells.emplace_back(trim(text.substr(0, bar)));
        if (bar == std::string_view::npos) return cells;
        text.remove_prefix(bar + 3);
    }
}

std::vector<std::string> stamp_pattern(std::string_view who) {
    if (who == "dr")
        return {"[[Docteur||Dr]] {dr.name}", "{dr.specialty}",  "{dr.street}",
                "{dr.cp} {dr.town}",         "Tél. {dr.phone}", "[[RPPS||N° RPPS :]] {dr.rpps}",
                "[[AM||N° AM :]] {dr.am}"};
    if (who == "aux")
        return {"{aux.name}", "{aux.specialty}", "{aux.street}", "{aux.cp} {aux.town}", "[[AM||N° AM :]] {aux.am}"};
    if (who == "dentist")
        return {"Dr {dentist.name}",           "chirurgien-dentiste", "{dentist.street}",
                "{dentist.cp} {dentist.town}", "RPPS {dentist.rpps}", "{dentist.am}"};
    const std::string name(who);
    if (who == "emp") return {"{emp.name}", "{emp.street}", "{emp.cp} {emp.town}", "Tél. {emp.phone}"};
    return {"{" + name + ".name}", "{" + name + ".street}", "{" + name + ".cp} {" + name + ".town}",
            "FINESS {" + name + ".finess}"};
}

}  // namespace

void Painter::cerfa(const std::string& number) {
    const double x = style_.cerfa_right ? right() - 26 : left_ + 2;
    draw_cerfa(canvas(), {x, top_ + 1, 21, 9}, style_);
    const TextStyle style = label(1.3, true);
    const std::string text = (print_.chance(0.5) ? "N° " : "n° ") + number;
    canvas().text(x + (21 - canvas().measure(text, style).width) / 2, top_ + 11, text, style);
    y_ = std::max(y_, top_ + 4);
}

void Painter::title(const std::string& text) {
    const TextStyle style = label(form_.half == Half::Train ? 2.0 : 1.85, true);
    const double x = style_.cerfa_right ? left_ + 26 : left_ + kTitleLeft - 11;
    const double from = y_;
    y_ = block(text, x, y_, kTitleWidth, style, 0);
    if (style_.title_framed) canvas().frame({x - 1.5, from - 1.2, kTitleWidth + 3, y_ - from + 2.4}, 0.4, style_.ink);
    y_ = std::max(y_ + 1, top_ + 12);
}

void Painter::sub(const std::string& text) {
    const double x = style_.cerfa_right ? left_ + 26 : left_ + kTitleLeft - 11;
    y_ = block(printed(text), x, y_, kTitleWidth, label(0.92, false, true), 0) + 0.8;
    y_ = std::max(y_, top_ + 16.5);
}

void Painter::corner(const std::string& text) {
    const double wide = 32, x = style_.cerfa_right ? left_ : right() - wide;
    const double y = style_.cerfa_right ? top_ + 1 : top_ - 0.5;
    const double end = block(text, x + 1, y + 1, wide - 2, label(1.0, true), 0);
    canvas().frame({x, y, wide, end - y + 1}, 0.35, style_.ink);
    y_ = std::max(y_, end + 2);
}

void Painter::section(const std::string& text) {
    y_ += 1.3 + stretch_ * 0.5;
    TextStyle style = label(1.2, true);
    if (style_.band == Band::Filled) style.colour = kWhite;
    const Extent extent = canvas().measure(text, style);
    const double high = extent.height + 1.4;
    const Rect band{left_, y_, width_, high};
    double x = left_ + 2;
    switch (style_.band) {
        case Band::Filled:
            canvas().fill(band, style_.ink);
            if (form_.half == Half::Train) x = left_ + (width_ - extent.width) / 2;
            break;
        case Band::Light:
            canvas().fill(band, style_.ink.lighter(0.82));
            break;
        case Band::Framed:
            canvas().frame(band, 0.4, style_.ink);
            x = left_ + (width_ - extent.width) / 2;
            break;
        case Band::Underlined:
            canvas().line(left_, y_ + high, right(), y_ + high, 0.5, style_.ink);
            break;
        case Band::Flanked: {
            x = left_ + (width_ - extent.width) / 2;
            const double side = std::max(0.0, (width_ - extent.width) / 2 - 4);
            canvas().fill({left_, y_ + high * 0.2, side, high * 0.6}, style_.ink);
            canvas().fill({right() - side, y_ + high * 0.2, side, high * 0.6}, style_.ink);
            break;
        }
    }
    canvas().text(x, y_ + 0.7, text, style);
    y_ += high + 1.2 + stretch_;
    ++rows_;
}

// "kind label :: value | kind label :: value"; a kind may bear "*weight", "~" (only when the person cared for is not
// the insured) or "?" (often left empty).
std::vector<Painter::Item> Painter::items_of(const std::string& text) {
    std::vector<Item> items;
    std::size_t from = 0;
    while (true) {
        const auto bar = text.find(" | ", from);
        std::string_view part = trim(std::string_view(text).substr(from, bar == std::string::npos ? bar : bar - from));
        Item item;
        const auto space = part.find(' ');
        item.kind = std::string(part.substr(0, space));
        part = space == std::string_view::npos ? std::string_view() : trim(part.substr(space));
        for (; !item.kind.empty() && (item.kind[0] == '~' || item.kind[0] == '?'); item.kind.erase(0, 1)) {
            (item.kind[0] == '~' ? item.only_if_other : item.optional) = true;
        }
        if (const auto star = item.kind.find('*'); star != std::string::npos) {
            item.weight = std::stod(item.kind.substr(star + 1));
            item.kind.resize(star);
        }
        const auto colons = part.find("::");
        item.label = printed(trim(part.substr(0, colons)));
        if (colons != std::string_view::npos) item.value = std::string(trim(part.substr(colons + 2)));
        items.push_back(std::move(item));
        if (bar == std::string::npos) return items;
        from = bar + 3;
    }
}

Rich Painter::item_value(const Item& item) {
    if (options_.blank) return {};
    if (item.only_if_other && !dossier_.beneficiary) return {};
    if (item.optional && rng_.chance(0.4)) return {};
    return rich(item.value);
}

// The printer did not know the values: cells are counted on those of somebody who has everything.
std::vector<int> Painter::printed_groups(const Item& item) {
    if (item.kind.size() > 5) return groups_named(item.kind.substr(5));
    static const Dossier kModel = [] {
        Rng rng(1);
        return make_dossier(rng, Half::Train, parse_day("2026-11-20"), "595", "595", "CPAM");
    }();
    Rng choices = edition_.fork(item.value);
    return groups_of(fill_in(item.value, kModel, choices).text);
}

double Painter::natural_weight(const Item& item) {
    if (item.weight > 0) return item.weight;
    if (!item.kind.starts_with("comb")) return 1;
    const auto groups = printed_groups(item);
    return std::max(0.45, cells_in(groups) / 14.0 + (style_.labels_above ? 0 : 0.25));
}

void Painter::row(const std::string& text) {
    const auto items = items_of(text);
    double sum = 0;
    std::vector<double> weights;
    for (const Item& one : items) sum += weights.emplace_back(natural_weight(one));
    double x = left_ + 1, below = y_;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const double wide = (width_ - 2) * weights[i] / sum;
        below = std::max(below, item(items[i], x, y_, wide - 2));
        x += wide;
    }
    y_ = below + print_.real(0.2, 0.7) + stretch_;
    ++rows_;
}

double Painter::item(const Item& one, double x, double y, double width) {
    if (one.kind.starts_with("comb")) return comb_item(one, x, y, width);
    if (one.kind == "line") return line_item(one, x, y, width);
    if (one.kind == "tick") return tick_item(one, x, y, width);
    if (one.kind == "text") return block(one.label, x, y + 0.8, width, label());
    if (one.kind == "bold") return block(one.label, x, y + 0.8, width, label(1.05, true));
    if (one.kind == "space") return y;
    if (one.kind == "sign") {
        const double below = block(one.label, x, y + 0.5, width, label(0.95));
        if (!options_.blank) {
            draw_signature(canvas(), {x, below - 1, width, 13}, ink_.hand ? ink_.style.colour : Colour{0.06, 0.09, 0.4},
                           rng_);
        }
        return below + 12;
    }
    if (one.kind == "stamp") {  // "stamp label :: dr"
        const double below = block(one.label, x, y + 0.5, width, label(0.95));
        std::vector<Rich> lines;
        for (const auto& pattern : stamp_pattern(one.value)) lines.push_back(rich(pattern));
        canvas().frame({x - 0.5, y, width + 0.5, below - y + 25}, 0.25, style_.ink.lighter(0.3));
        if (options_.blank) return below + 26;
        const double wide = std::min(width - 2, 62.0);
        for (auto& field : draw_stamp(canvas(), {x + rng_.real(1, std::max(1.2, width - wide)), below, wide, 22}, lines,
                                      form_.half, rng_)) {
            page_.fields.push_back(std::move(field));
        }
        return below + 26;
    }
    PLEIADE_CHECK(one.kind == "comb");  // an unknown kind of item
    return y;
}

double Painter::comb_item(const Item& one, double x, double y, double width) {
    const Rich value = item_value(one);
    auto groups = printed_groups(one);
    // Nobody is left without room: what has more characters than the print foresaw gets a comb of its own.
    if (const auto needed = groups_of(value.text); !value.text.empty() && cells_in(needed) > cells_in(groups))
        groups = needed;
    const int cells = std::max(1, cells_in(groups));
    const Extent name = canvas().measure(one.label.text, label());
    double start = x, top = y + 0.6;
    if (style_.labels_above || name.width > width * 0.55) {
        top = block(one.label, x, y + 0.3, width, label(0.92)) + 0.5;
    } else if (!one.label.text.empty()) {
        canvas().text(x, y + 1.6, one.label.text, label());
        start = x + name.width + 2;
    }
    const double room = x + width - start - static_cast<double>(groups.size()) * 1.3;
    const double cell = std::clamp(room / cells, 2.9, style_.cell_mm);
    const CombCells comb = draw_comb(canvas(), start + 0.8, top + 0.3, groups, cell, style_);
    if (!value.text.empty()) collect(write_comb(canvas(), comb, value, ink_, rng_));
    return top + std::max(4.6, cell * 1.12) + 1.4;
}

double Painter::line_item(const Item& one, double x, double y, double width) {
    const Rich value = item_value(one);
    const Extent name = canvas().measure(one.label.text, label());
    const bool above = style_.labels_above || name.width > width * 0.6;
    const double high = above ? 9.6 : 6.8;
    double start = x + 1;
    if (above) {
        block(one.label, x + 0.8, y + 0.2, width, label(0.9));
    } else {
        canvas().text(x + (style_.line == LineKind::Boxed ? 0.8 : 0), y + 1.9, one.label.text, label());
        start = x + name.width + 2.5;
    }
    switch (style_.line) {
        case LineKind::Boxed:
            canvas().frame({x, y, width, high}, 0.2, style_.ink.lighter(0.25));
            break;
        case LineKind::Solid:
            canvas().line(above ? x : start, y + high - 0.8, x + width, y + high - 0.8, 0.2, style_.ink);
            break;
        case LineKind::Dotted:
            canvas().dots(above ? x : start, y + high - 0.8, x + width, style_.ink);
            break;
    }
    if (!value.text.empty()) {
        const Extent extent = canvas().measure("n", ink_.style);
        const double top = y + high - 1.7 - extent.baseline + (ink_.hand ? rng_.gauss() * 0.4 : 0);
        collect(write_fitted(canvas(), start + rng_.real(0, 2.5), top, x + width - start - 3, value, ink_, rng_));
    }
    return y + high + 0.3;
}

std::size_t Painter::as_the_dossier_says(const std::vector<std::pair<std::string, std::string>>& answers,
                                         std::size_t otherwise) const {
    std::size_t free = answers.size();
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto& [question, answer] = answers[i];
        if (question.empty()) {
            free = i;
        } else if (dossier_.ticks.at(question) == answer) {
            return i;
        }
    }
    // Of a list where only one box asks that question, another one is ticked.
    const bool untrue = !answers[otherwise].first.empty() && free < answers.size();
    return untrue ? free : otherwise;
}

// "tick situation :: salarié;*sans emploi;retraité": the starred one is ticked, "#" before the list ticks none. "oui=
// third_party.yes": what is ticked is the dossier's answer to that question, which becomes truth.
double Painter::tick_item(const Item& one, double x, double y, double width) {
    std::string_view list = one.value;
    const bool none = list.starts_with("#") || options_.blank;
    if (list.starts_with("#")) list.remove_prefix(1);
    std::vector<std::string> words = split(list, ';');
    std::size_t chosen = static_cast<std::size_t>(rng_.between(0, static_cast<int>(words.size()) - 1));
    std::vector<std::pair<std::string, std::string>> answers(words.size());  // question, answer
    for (std::size_t i = 0; i < words.size(); ++i) {
        words[i] = std::string(trim(words[i]));
        if (words[i].starts_with("*")) {
            words[i].erase(0, 1);
            chosen = i;
        }
        if (const auto at = words[i].find('='); at != std::string::npos) {
            const auto dot = words[i].find('.', at);
            PLEIADE_CHECK(dot != std::string::npos);
            answers[i] = {words[i].substr(at + 1, dot - at - 1), words[i].substr(dot + 1)};
            words[i].erase(at);
        }
    }
    chosen = as_the_dossier_says(answers, chosen);
    if (!none && !answers[chosen].first.empty()) page_.ticks[answers[chosen].first] = answers[chosen].second;
    const TextStyle style = label();
    const double size = 3.1, pitch = 5.2;
    double at = x, line = y + 0.8;
    if (!one.label.text.empty()) {
        const Extent name = canvas().measure(one.label.text, style);
        if (name.width > width * 0.7) {
            line = block(one.label, x, line, width, style) + 0.4;
        } else {
            canvas().text(x, line, one.label.text, style);
            at += name.width + 4;
        }
    }
    const double start = at;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const double wide = canvas().measure(words[i], style).width + size + 4.5;
        if (at > start && at + wide > x + width + 3) {
            at = start;
            line += pitch;
        }
        const bool ticked = !none && i == chosen;
        if (style_.ticks_before) {
            draw_tick_box(canvas(), at, line + 0.2, size, ticked, style_, ink_, rng_);
            canvas().text(at + size + 1, line, words[i], style);
        } else {
            canvas().text(at, line, words[i], style);
            draw_tick_box(canvas(), at + wide - size - 3.3, line + 0.2, size, ticked, style_, ink_, rng_);
        }
        at += wide;
    }
    return line + pitch - 0.2;
}

// "area 20 label :: value": a box that people write into.
void Painter::area(const std::string& text) {
    const auto space = text.find(' ');
    const double high = std::stod(text.substr(0, space));
    const auto items = items_of("area " + text.substr(space));
    const Item& one = items.front();
    canvas().frame({left_ + 1, y_, width_ - 2, high}, 0.25, style_.ink);
    const double below = block(one.label, left_ + 2.2, y_ + 0.6, width_ - 5, label(0.95));
    const Rich value = item_value(one);
    if (!value.text.empty()) {
        Ink ink = ink_;
        // Long answers are written smaller.
        const double lines = canvas().measure(value.text, ink.style).width / (width_ - 10) + 0.6;
        const double room = y_ + high - below;
        const double pitch = canvas().measure("n", ink.style).height;
        if (lines * pitch > room) ink.style.points *= std::max(0.55, room / (lines * pitch));
        collect(write(canvas(), left_ + 4, below, width_ - 9, value, ink, rng_));
    }
    y_ += high + 1.2 + stretch_;
    ++rows_;
}

// "table Date des actes*1 | Code*1 | Montant*1": columns with their weights; "tr a | b | c": one line of it.
void Painter::table(const std::string& text) {
    columns_.clear();
    std::vector<std::string> names;
    double sum = 0;
    for (const auto& part : cells_of(text)) {
        const auto star = part.rfind('*');
        names.emplace_back(trim(std::string_view(part).substr(0, star)));
        columns_.push_back(star == std::string::npos ? 1 : std::stod(part.substr(star + 1)));
        sum += columns_.back();
    }
    for (double& column : columns_) column *= (width_ - 2) / sum;
    double x = left_ + 1, below = y_;
    for (std::size_t i = 0; i < names.size(); ++i) {
        below = std::max(below, block(printed(names[i]), x + 0.5, y_ + 0.7, columns_[i] - 1, label(0.85, true), 0));
        x += columns_[i];
    }
    x = left_ + 1;
    for (const double column : columns_) {
        canvas().frame({x, y_, column, below - y_ + 0.6}, 0.25, style_.ink);
        x += column;
    }
    y_ = below + 0.6;
}

void Painter::table_row(const std::string& text) {
    double x = left_ + 1;
    constexpr double kHigh = 6.4;
    const auto cells = cells_of(text);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        canvas().frame({x, y_, columns_[i], kHigh}, 0.2, style_.ink);
        const Rich value = i < cells.size() && !options_.blank ? rich(trim(cells[i])) : Rich{};
        if (!value.text.empty()) {
            const double top = y_ + kHigh - 1.7 - canvas().measure("n", ink_.style).baseline;
            collect(write_fitted(canvas(), x + 1, top, columns_[i] - 2, value, ink_, rng_));
        }
        x += columns_[i];
    }
    y_ += kHigh;
}

// Small print, pinned above the S-reference.
void Painter::legal(const std::string& text) {
    const TextStyle style = label(0.72);
    const double high = canvas().measure("Hp", style).height * 1.02;
    const double lines = std::ceil(canvas().measure(text, style).width / (width_ * 0.97)) + 1;
    legal_top_ = 286.5 - lines * high;
    block(text, left_, legal_top_, width_, style);
}

}  // namespace pleiade::mail
