#include <fmt/format.h>

#include "tests/mail/pli_maker.h"

namespace pleiade::mail {
namespace {

// Wavy cancellation bars and a round date stamp.
void postmark(Canvas& canvas, const Dossier& dossier, Rng& rng) {
    const Colour ink{0.2, 0.2, 0.22, 0.8};
    const double x = 150 + rng.real(-6, 6), y = 8 + rng.real(-3, 4);
    canvas.ellipse({x, y, 22, 22}, ink, 0.4);
    canvas.text(x + 4, y + 8, slashed(dossier.document_date),
                {.font = rng.pick(fonts_of(dossier.half).forms), .points = 7, .colour = ink}, rng.real(-8, 8));
    for (int i = 0; i < 5; ++i) {
        std::vector<Canvas::Point> wave;
        for (int k = 0; k < 14; ++k) wave.push_back({x + 24 + k * 3.0, y + 4 + i * 3.6 + (k % 2) * 1.6});
        canvas.stroke(wave, 0.4, ink);
    }
}

}  // namespace

void draw_envelope(Canvas& canvas, const Dossier& dossier, const std::string& addressed_label,
                   const std::string& registered, Rng& rng) {
    const double tone = rng.real(0.86, 0.99);
    canvas.fill({-5, -5, 230, 120}, {tone, tone * (rng.chance(0.3) ? 0.95 : 1), tone * 0.97});
    const Ink ink = rng.chance(0.55) ? hand_ink(dossier.half, rng) : typed_ink(dossier.half, rng);
    Rng words = rng.fork("words");
    const std::vector<std::string> lines = {
        addressed_label,
        rng.pick<std::string>({"Service courrier", "Centre de paiement", "TSA 90012", "Service prestations"}),
        fmt::format("{}9{:02} {} CEDEX", dossier.department, rng.between(1, 30),
                    rng.pick<std::string>({"LILLE", "ARRAS", "DOUAI", "VALENCIENNES"}))};
    double y = rng.real(50, 60);
    for (const auto& line : lines)
        y = write(canvas, 100 + rng.real(0, 8), y, 110, Rich{line, {}}, ink, words).bottom + 1;
    canvas.fill({188, 6, 22, 26}, {0.75, 0.45, 0.42});
    canvas.frame({188, 6, 22, 26}, 0.3, {0.5, 0.3, 0.3});
    postmark(canvas, dossier, rng);
    if (rng.chance(0.4)) {
        double top = 8;
        for (const auto& line :
             {"Exp. " + dossier.insured.first + " " + upper(dossier.insured.last), dossier.insured.address.street,
              dossier.insured.address.postal_code + " " + dossier.insured.address.town}) {
            Ink small = ink;
            small.style.points *= 0.75;
            top = write(canvas, 8, top, 80, Rich{line, {}}, small, words).bottom;
        }
    }
    if (!registered.empty()) {
        canvas.frame({8, 60, 70, 30}, 0.5, {0.6, 0.1, 0.1});
        const std::string font = rng.pick(fonts_of(dossier.half).forms);
        canvas.text(11, 62, "RECOMMANDÉ AVEC AVIS DE RÉCEPTION", {.font = font, .points = 7.5, .bold = true});
        draw_bars(canvas, {12, 69, 60, 11}, rng);
        canvas.text(20, 82, registered, {.font = font, .points = 9});
    }
    for (int i = 0; i < 36; ++i) {  // the sorting machine's bars
        if (rng.chance(0.7)) canvas.fill({205 - i * 2.1, 101, 0.6, 5}, {0.95, 0.6, 0.4, 0.8});
    }
}

}  // namespace pleiade::mail
