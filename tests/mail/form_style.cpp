#include "tests/mail/form_style.h"

#include "common/base/check.h"

namespace pleiade::mail {
namespace {

const std::map<std::string, Colour, std::less<>> kInks = {{"blue", {0.08, 0.26, 0.58}},   {"brown", {0.52, 0.25, 0.07}},
                                                          {"green", {0.05, 0.38, 0.24}},  {"black", {0.08, 0.08, 0.09}},
                                                          {"violet", {0.36, 0.12, 0.42}}, {"red", {0.62, 0.14, 0.12}},
                                                          {"petrol", {0.02, 0.33, 0.42}}, {"navy", {0.08, 0.13, 0.38}}};

}  // namespace

FormStyle make_style(const Template& form, Rng& rng) {
    const bool train = form.half == Half::Train;
    FormStyle style;
    const auto ink = kInks.find(form.option("colour", train ? "blue" : "black"));
    PLEIADE_CHECK(ink != kInks.end());
    style.ink = ink->second;
    style.font = rng.pick(fonts_of(form.half).forms);
    style.points = (train ? 8.0 : 7.7) * rng.real(0.95, 1.05);
    const std::vector<Band> bands = train ? std::vector{Band::Filled, Band::Framed, Band::Flanked}
                                          : std::vector{Band::Light, Band::Underlined, Band::Filled};
    const std::vector<Comb> combs =
        train ? std::vector{Comb::Boxes, Comb::Teeth} : std::vector{Comb::Shaded, Comb::Bars};
    style.band = rng.pick(bands);
    style.comb = rng.pick(combs);
    style.line = rng.pick(train ? std::vector{LineKind::Solid, LineKind::Boxed}
                                : std::vector{LineKind::Dotted, LineKind::Boxed});
    style.labels_above = train ? rng.chance(0.3) : rng.chance(0.8);
    style.cerfa_right = !train && rng.chance(0.3);
    style.cerfa_outlined = !train && rng.chance(0.5);
    style.title_framed = train ? rng.chance(0.25) : rng.chance(0.4);
    style.page_framed = train ? rng.chance(0.15) : rng.chance(0.3);
    style.ticks_before = train ? rng.chance(0.3) : rng.chance(0.8);
    style.cell_mm = rng.real(4.5, 5.1);
    return style;
}

}  // namespace pleiade::mail
