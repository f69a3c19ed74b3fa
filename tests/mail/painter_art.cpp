// Pictures that some papers bear: "art teeth", "art photo", "art card"...
#include <fmt/format.h>

#include "common/base/csv.h"
#include "tests/mail/identifiers.h"
#include "tests/mail/painter.h"

namespace pleiade::mail {
namespace {

std::string mrz_words(std::string_view text) {
    std::string out = unaccent(upper(text));
    for (char& c : out) {
        if (c < 'A' || c > 'Z') c = '<';
    }
    return out;
}

std::string padded(std::string text, std::size_t size) {
    text.resize(size, '<');
    return text;
}

std::string short_date(Day day) {
    const std::string text = iso(day);
    return text.substr(2, 2) + text.substr(5, 2) + text.substr(8, 2);
}

// The two lines of the older national card: 36 characters each.
std::vector<std::string> card_mrz(const Person& who, Rng& rng) {
    const std::string first = padded("IDFRA" + mrz_words(who.last), 30) + fmt::format("{:06}", rng.between(0, 999'999));
    const std::string number =
        fmt::format("{:02}{:02}{:08}", rng.between(10, 13), rng.between(1, 12), rng.between(0, 99'999'999));
    const std::string birth = short_date(who.birth);
    std::string second = number + mrz_check(number) + padded(mrz_words(who.first), 14).substr(0, 14) + birth +
                         mrz_check(birth) + (who.woman ? 'F' : 'M');
    second += mrz_check(first + second);
    return {first, second};
}

std::vector<std::string> passport_mrz(const Person& who, Day today, Rng& rng) {
    const std::string first = padded("P<FRA" + mrz_words(who.last) + "<<" + mrz_words(who.first), 44);
    const std::string number =
        fmt::format("{:02}{}{}{:05}", rng.between(10, 24), static_cast<char>('A' + rng.between(0, 25)),
                    static_cast<char>('A' + rng.between(0, 25)), rng.between(0, 99'999));
    const std::string birth = short_date(who.birth),
                      expiry = short_date(today + std::chrono::days(rng.between(100, 3000)));
    std::string second = number + mrz_check(number) + "FRA" + birth + mrz_check(birth) + (who.woman ? 'F' : 'M') +
                         expiry + mrz_check(expiry) + padded("", 14) + '0';
    second += mrz_check(second.substr(0, 10) + second.substr(13, 7) + second.substr(21));
    return {first, second};
}

}  // namespace

void Painter::art(const std::string& text) {
    const auto words = split(text, ' ');
    const std::string& what = words[0];
    if (what == "teeth") {
        draw_teeth_chart(canvas(), {left_ + 20, y_ + 1, width_ - 40, 34}, style_);
        y_ += 37;
    } else if (what == "bars") {
        draw_bars(canvas(), {right() - 52, y_, 48, 9}, rng_);
        y_ += 11;
    } else if (what == "photo") {  // "art photo 35 45": to the right, beside what follows
        const double wide = std::stod(words.at(1)), high = std::stod(words.at(2));
        draw_photo(canvas(), {right() - wide - 6, y_ + 1, wide, high}, rng_);
        canvas().frame({right() - wide - 8, y_ - 1, wide + 4, high + 4}, 0.3, style_.ink);
    } else if (what == "sun") {
        draw_sunburst(canvas(), left_ + 10, top_ + 8, 8, style_.ink);
        canvas().text(left_ + 20, top_ + 3, "l'Assurance", label(1.5, true));
        canvas().text(left_ + 20, top_ + 8, "Maladie", label(1.5, true));
        y_ = std::max(y_, top_ + 18);
    } else if (what == "republic") {
        canvas().fill({left_ + 4, top_, 4, 7}, {0.1, 0.15, 0.45});
        canvas().fill({left_ + 12, top_, 4, 7}, {0.75, 0.15, 0.15});
        canvas().text(left_ + 3, top_ + 8, "RÉPUBLIQUE", label(0.95, true));
        canvas().text(left_ + 3, top_ + 11.5, "FRANÇAISE", label(0.95, true));
        canvas().text(left_ + 3, top_ + 15, "Liberté - Égalité - Fraternité", label(0.55, false, true));
        y_ = std::max(y_, top_ + 19);
    } else if (what == "seal") {
        const double x = right() - 45, y = y_ - 6;
        canvas().ellipse({x, y, 30, 30}, Colour{0.15, 0.2, 0.5, 0.75}, 0.5);
        canvas().ellipse({x + 3, y + 3, 24, 24}, Colour{0.15, 0.2, 0.5, 0.75}, 0.3);
        canvas().text(x + 8, y + 9, "MAIRIE",
                      {.font = style_.font, .points = 8, .bold = true, .colour = {0.15, 0.2, 0.5}}, -6);
        canvas().text(x + 6, y + 14, upper(dossier_.insured.birth_town.substr(0, 9)),
                      {.font = style_.font, .points = 6, .colour = {0.15, 0.2, 0.5}}, -6);
    } else if (what == "frame") {  // "art frame x y width height": the outline of something laid on the glass
        const Rect rect{std::stod(words.at(1)), top_ + std::stod(words.at(2)), std::stod(words.at(3)),
                        std::stod(words.at(4))};
        canvas().fill(rect, {0.93, 0.93, 0.9});
        canvas().frame(rect, 0.3, {0.5, 0.5, 0.5});
        canvas().frame({rect.x + rect.w * 0.5, rect.y + rect.h * 0.38, rect.w * 0.45, rect.h * 0.35}, 0.3,
                       {0.6, 0.6, 0.6}, 3);
    } else if (what == "returned") {  // the postman's pointing hand, reduced to an arrow and its stamp
        const double x = left_ + rng_.real(8, 30);
        canvas().frame({x, y_, 62, 11}, 0.6, {0.55, 0.1, 0.12}, 1);
        canvas().text(x + 3, y_ + 2.2, "RETOUR À L'ENVOYEUR",
                      {.font = style_.font, .points = 11.5, .bold = true, .colour = {0.55, 0.1, 0.12}},
                      rng_.real(-3, 3));
        canvas().line(x + 66, y_ + 5, x + 84, y_ + 5, 0.9, {0.55, 0.1, 0.12});
        y_ += 15;
    } else if (what == "cut") {  // scissors line of a detachable part
        canvas().dots(left_, y_ + 2, right(), style_.ink);
        y_ += 4;
    } else if (what == "card" || what == "passport") {  // a copy of both sides, one under the other
        const Person& who = dossier_.insured;
        const double wide = what == "card" ? 105 : 125, high = what == "card" ? 74 : 88;
        const double x = 30 + rng_.real(-12, 25), y = 34 + rng_.real(-12, 40);
        canvas().fill({x, y, wide, high}, {0.88, 0.91, 0.95}, 3);
        canvas().frame({x, y, wide, high}, 0.3, {0.4, 0.45, 0.5}, 3);
        draw_photo(canvas(), {x + 5, y + 16, 27, 35}, rng_);
        const TextStyle head = {.font = style_.font, .points = 9.5, .bold = true, .colour = {0.1, 0.15, 0.4}};
        canvas().text(x + 5, y + 3, what == "card" ? "RÉPUBLIQUE FRANÇAISE" : "PASSEPORT", head);
        canvas().text(x + 5, y + 8, what == "card" ? "CARTE NATIONALE D'IDENTITÉ" : "RÉPUBLIQUE FRANÇAISE", head);
        const std::vector<std::pair<std::string, std::string>> facts = {
            {"Nom", "{i.last}"},
            {"Prénom(s)", "{i.first}"},
            {"Sexe", who.woman ? "F" : "M"},
            {"Né(e) le", "{i.birth}"},
            {"à", upper(who.birth_town)},
            {what == "card" ? "Taille" : "Nationalité", what == "card" ? "1,{r:52:90} m" : "Française"}};
        const TextStyle small = {.font = style_.font, .points = 6.5, .colour = {0.25, 0.25, 0.3}};
        double line = y + 16;
        Ink ink;
        ink.style = {.font = style_.font, .points = 9.5, .bold = true, .colour = kBlack};
        for (const auto& [name, pattern] : facts) {
            canvas().text(x + 36, line, name + " :", small);
            collect(write(canvas(), x + 52, line - 0.8, wide - 54, rich(pattern), ink, rng_));
            line += 5.6;
        }
        const auto mrz = what == "card" ? card_mrz(who, rng_) : passport_mrz(who, dossier_.received, rng_);
        TextStyle mono = {
            .font = form_.half == Half::Train ? "Liberation Mono" : "Nimbus Mono PS", .points = 11, .colour = kBlack};
        mono.points *= (wide - 10) / canvas().measure(mrz[0], mono).width;
        for (std::size_t i = 0; i < mrz.size(); ++i)
            canvas().text(x + 5, y + high - 14 + static_cast<double>(i) * 6, mrz[i], mono);
        y_ = y + high + 10;
    } else {
        PLEIADE_CHECK(what == "card");  // no such picture
    }
}

}  // namespace pleiade::mail
