#include "tests/mail/canvas.h"

#include <cairo/cairo.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "common/base/check.h"

namespace pleiade::mail {
namespace {

constexpr double kMillimetresPerPoint = 25.4 / 72;

// Fontconfig without the system's hundreds of substitution rules: they cost most of the drawing time, and make a page
// depend on the machine that drew it. Families are named exactly; a missing letter still falls back on another font.
void use_plain_fonts() {
    static const bool once = [] {
        FcConfig* config = FcConfigCreate();
        const char* rules =
            "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'urn:fontconfig:fonts.dtd'><fontconfig>"
            "<dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir><cachedir>/var/cache/fontconfig</cachedir>"
            "<cachedir prefix='xdg'>fontconfig</cachedir></fontconfig>";
        PLEIADE_CHECK(FcConfigParseAndLoadFromMemory(config, reinterpret_cast<const FcChar8*>(rules), FcTrue));
        PLEIADE_CHECK(FcConfigBuildFonts(config) && FcConfigSetCurrent(config));
        FcConfigDestroy(config);  // fontconfig holds it now
        return true;
    }();
    PLEIADE_CHECK(once);
}

std::set<std::string> installed_families() {
    use_plain_fonts();
    std::set<std::string> names;
    PangoFontFamily** families = nullptr;
    int count = 0;
    pango_font_map_list_families(pango_cairo_font_map_get_default(), &families, &count);
    for (int i = 0; i < count; ++i) names.insert(pango_font_family_get_name(families[i]));
    g_free(families);
    return names;
}

}  // namespace

Rect Rect::with(const Rect& other) const {
    if (empty()) return other;
    if (other.empty()) return *this;
    const double left = std::min(x, other.x), top = std::min(y, other.y);
    return {left, top, std::max(x + w, other.x + other.w) - left, std::max(y + h, other.y + other.h) - top};
}

struct Canvas::State {
    cairo_surface_t* surface = nullptr;
    cairo_t* cairo = nullptr;
    PangoLayout* layout = nullptr;
    PangoFontDescription* font = nullptr;

    ~State() {
        pango_font_description_free(font);
        g_object_unref(layout);
        cairo_destroy(cairo);
        cairo_surface_destroy(surface);
    }
    void colour(const Colour& c) const { cairo_set_source_rgba(cairo, c.r, c.g, c.b, c.a); }
    void path(const Rect& r, double radius) const;
    void prepare(std::string_view text, const TextStyle& style) const;
};

void Canvas::State::path(const Rect& r, double radius) const {
    cairo_new_path(cairo);
    if (radius <= 0) {
        cairo_rectangle(cairo, r.x, r.y, r.w, r.h);
        return;
    }
    constexpr double kQuarter = std::numbers::pi / 2;
    cairo_arc(cairo, r.x + r.w - radius, r.y + radius, radius, -kQuarter, 0);
    cairo_arc(cairo, r.x + r.w - radius, r.y + r.h - radius, radius, 0, kQuarter);
    cairo_arc(cairo, r.x + radius, r.y + r.h - radius, radius, kQuarter, 2 * kQuarter);
    cairo_arc(cairo, r.x + radius, r.y + radius, radius, 2 * kQuarter, 3 * kQuarter);
    cairo_close_path(cairo);
}

void Canvas::State::prepare(std::string_view text, const TextStyle& style) const {
    pango_font_description_set_family(font, style.font.c_str());
    pango_font_description_set_weight(font, style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_style(font, style.italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
    pango_font_description_set_absolute_size(font, style.points * kMillimetresPerPoint * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, text.data(), static_cast<int>(text.size()));
    if (style.spacing != 0) {
        PangoAttrList* attributes = pango_attr_list_new();
        pango_attr_list_insert(attributes, pango_attr_letter_spacing_new(
                                               static_cast<int>(style.spacing * kMillimetresPerPoint * PANGO_SCALE)));
        pango_layout_set_attributes(layout, attributes);
        pango_attr_list_unref(attributes);
    } else {
        pango_layout_set_attributes(layout, nullptr);
    }
}

Canvas::Canvas(const PaperSettings& paper) : paper_(paper), state_(std::make_unique<State>()) {
    use_plain_fonts();
    const double scale = paper.dpi / 25.4;
    const int width = static_cast<int>(std::lround(paper.width_mm * scale));
    const int height = static_cast<int>(std::lround(paper.height_mm * scale));
    PLEIADE_CHECK(width > 0 && height > 0 && width < 8000 && height < 10'000);
    state_->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    state_->cairo = cairo_create(state_->surface);
    cairo_t* cairo = state_->cairo;
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_translate(cairo, width / 2.0, height / 2.0);
    cairo_rotate(cairo, paper.skew_degrees * std::numbers::pi / 180);
    cairo_scale(cairo, scale, scale);
    cairo_translate(cairo, -paper.width_mm / 2 + paper.shift_x_mm, -paper.height_mm / 2 + paper.shift_y_mm);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);

    // Hinting off: glyphs scale with the page and fall on fractions of a pixel, as ink does.
    cairo_font_options_t* options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_set_font_options(cairo, options);
    state_->layout = pango_cairo_create_layout(cairo);
    pango_cairo_context_set_font_options(pango_layout_get_context(state_->layout), options);
    cairo_font_options_destroy(options);
    // Positions are millimetres here: rounded to whole ones, letters would collide.
    pango_context_set_round_glyph_positions(pango_layout_get_context(state_->layout), FALSE);
    state_->font = pango_font_description_new();
}

Canvas::~Canvas() = default;
Canvas::Canvas(Canvas&&) noexcept = default;
Canvas& Canvas::operator=(Canvas&&) noexcept = default;

void Canvas::add_fonts(const std::string& folder) {
    use_plain_fonts();
    FcConfigAppFontAddDir(FcConfigGetCurrent(), reinterpret_cast<const FcChar8*>(folder.c_str()));
}

void Canvas::forget_fonts() {
    pango_cairo_font_map_set_default(nullptr);
    cairo_debug_reset_static_data();
    FcFini();
}

bool Canvas::has_font(const std::string& family) {
    static const std::set<std::string> families = installed_families();
    return families.contains(family);
}

void Canvas::line(double x0, double y0, double x1, double y1, double width, const Colour& colour) {
    state_->colour(colour);
    cairo_set_line_width(state_->cairo, width);
    cairo_move_to(state_->cairo, x0, y0);
    cairo_line_to(state_->cairo, x1, y1);
    cairo_stroke(state_->cairo);
}

void Canvas::dots(double x0, double y, double x1, const Colour& colour) {
    const double dash[] = {0.01, 0.9};
    cairo_set_dash(state_->cairo, dash, 2, 0);
    line(x0, y, x1, y, 0.3, colour);
    cairo_set_dash(state_->cairo, nullptr, 0, 0);
}

void Canvas::frame(const Rect& rect, double width, const Colour& colour, double radius) {
    state_->colour(colour);
    cairo_set_line_width(state_->cairo, width);
    state_->path(rect, radius);
    cairo_stroke(state_->cairo);
}

void Canvas::fill(const Rect& rect, const Colour& colour, double radius) {
    state_->colour(colour);
    state_->path(rect, radius);
    cairo_fill(state_->cairo);
}

void Canvas::ellipse(const Rect& rect, const Colour& colour, double stroke_width) {
    cairo_t* cairo = state_->cairo;
    cairo_save(cairo);
    cairo_translate(cairo, rect.x + rect.w / 2, rect.y + rect.h / 2);
    cairo_scale(cairo, rect.w / 2, rect.h / 2);
    cairo_new_path(cairo);
    cairo_arc(cairo, 0, 0, 1, 0, 2 * std::numbers::pi);
    cairo_restore(cairo);
    state_->colour(colour);
    if (stroke_width > 0) {
        cairo_set_line_width(cairo, stroke_width);
        cairo_stroke(cairo);
    } else {
        cairo_fill(cairo);
    }
}

void Canvas::stroke(const std::vector<Point>& curve, double width, const Colour& colour) {
    if (curve.size() < 2) return;
    cairo_t* cairo = state_->cairo;
    state_->colour(colour);
    cairo_set_line_width(cairo, width);
    cairo_new_path(cairo);
    cairo_move_to(cairo, curve[0].x, curve[0].y);
    for (std::size_t i = 0; i + 1 < curve.size(); ++i) {  // Catmull-Rom through every point
        const Point& a = curve[i == 0 ? 0 : i - 1];
        const Point& b = curve[i];
        const Point& c = curve[i + 1];
        const Point& d = curve[std::min(i + 2, curve.size() - 1)];
        cairo_curve_to(cairo, b.x + (c.x - a.x) / 6, b.y + (c.y - a.y) / 6, c.x - (d.x - b.x) / 6,
                       c.y - (d.y - b.y) / 6, c.x, c.y);
    }
    cairo_stroke(cairo);
}

Extent Canvas::measure(std::string_view text, const TextStyle& style) const {
    state_->prepare(text, style);
    int width = 0, height = 0;
    pango_layout_get_size(state_->layout, &width, &height);
    return {static_cast<double>(width) / PANGO_SCALE, static_cast<double>(height) / PANGO_SCALE,
            static_cast<double>(pango_layout_get_baseline(state_->layout)) / PANGO_SCALE};
}

Extent Canvas::text(double x, double y, std::string_view text, const TextStyle& style, double turn) {
    const Extent extent = measure(text, style);
    cairo_t* cairo = state_->cairo;
    cairo_save(cairo);
    cairo_translate(cairo, x, y);
    if (turn != 0) cairo_rotate(cairo, turn * std::numbers::pi / 180);
    state_->colour(style.colour);
    cairo_move_to(cairo, 0, 0);
    if (style.embolden_mm > 0) {
        cairo_new_path(cairo);
        cairo_move_to(cairo, 0, 0);
        pango_cairo_layout_path(cairo, state_->layout);
        cairo_fill_preserve(cairo);
        cairo_set_line_width(cairo, style.embolden_mm);
        cairo_stroke(cairo);
    } else {
        pango_cairo_show_layout(cairo, state_->layout);
    }
    cairo_restore(cairo);
    return extent;
}

Box Canvas::in_pixels(const Rect& rect) const {
    double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
    for (int corner = 0; corner < 4; ++corner) {
        double x = rect.x + (corner % 2) * rect.w, y = rect.y + (corner / 2) * rect.h;
        cairo_user_to_device(state_->cairo, &x, &y);
        left = std::min(left, x);
        right = std::max(right, x);
        top = std::min(top, y);
        bottom = std::max(bottom, y);
    }
    left = std::max(left, 0.0);
    top = std::max(top, 0.0);
    right = std::min(right, static_cast<double>(width()));
    bottom = std::min(bottom, static_cast<double>(height()));
    return {static_cast<int>(left), static_cast<int>(top), static_cast<int>(std::ceil(right - left)),
            static_cast<int>(std::ceil(bottom - top))};
}

int Canvas::width() const {
    return cairo_image_surface_get_width(state_->surface);
}
int Canvas::height() const {
    return cairo_image_surface_get_height(state_->surface);
}
int Canvas::stride() const {
    return cairo_image_surface_get_stride(state_->surface);
}

const unsigned char* Canvas::pixels() {
    cairo_surface_flush(state_->surface);
    return cairo_image_surface_get_data(state_->surface);
}

}  // namespace pleiade::mail
