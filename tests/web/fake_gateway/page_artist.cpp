#include "tests/web/fake_gateway/page_artist.h"

#include <cairo/cairo.h>

#include <algorithm>
#include <memory>
#include <random>

#include "services/gateway/reference.h"
#include "tests/web/fake/mail.h"

namespace pleiade::gateway::fake {

namespace {

struct Surface {
    cairo_surface_t* surface;
    cairo_t* pen;
    Surface(int width, int height)
        : surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height)), pen(cairo_create(surface)) {}
    ~Surface() {
        cairo_destroy(pen);
        cairo_surface_destroy(surface);
    }
    Surface(const Surface&) = delete;
    Surface& operator=(const Surface&) = delete;
};

void write_text(cairo_t* pen, double x, double y, double size, const std::string& text, bool bold = false,
                const char* font = "Liberation Sans") {
    cairo_select_font_face(pen, font, CAIRO_FONT_SLANT_NORMAL,
                           bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(pen, size);
    cairo_move_to(pen, x, y);
    cairo_show_text(pen, text.c_str());
}

// One square per character, as on a Cerfa form.
void comb(cairo_t* pen, const v1::Box& box, const std::string& value) {
    const auto n = std::max<std::size_t>(1, value.size());
    const double step = static_cast<double>(box.width()) / static_cast<double>(n);
    cairo_set_line_width(pen, 2);
    for (std::size_t i = 0; i < n; ++i) {
        const double x = box.x() + step * static_cast<double>(i);
        cairo_rectangle(pen, x + 2, box.y() + 4, step - 4, box.height() - 8);
        cairo_stroke(pen);
        write_text(pen, x + step * 0.24, box.y() + box.height() * 0.76, box.height() * 0.66, value.substr(i, 1), false,
                   "Liberation Mono");
    }
}

void grey_lines(cairo_t* pen, double y, int lines, std::mt19937& random) {
    cairo_set_source_rgb(pen, 0.35, 0.35, 0.38);
    for (int i = 0; i < lines; ++i) {
        double x = 150;
        const double end = 1500 - static_cast<double>(random() % 300);
        while (x < end) {
            const double word = 25 + static_cast<double>(random() % 110);
            cairo_rectangle(pen, x, y + 44.0 * i, word, 11);
            x += word + 16;
        }
    }
    cairo_fill(pen);
    cairo_set_source_rgb(pen, 0.05, 0.05, 0.1);
}

void stamp(cairo_t* pen, double x, double y) {
    cairo_save(pen);
    cairo_translate(pen, x, y);
    cairo_rotate(pen, -0.12);
    cairo_set_source_rgba(pen, 0.1, 0.15, 0.45, 0.8);
    cairo_set_line_width(pen, 5);
    cairo_rectangle(pen, 0, 0, 420, 130);
    cairo_stroke(pen);
    write_text(pen, 30, 55, 34, "COURRIER ARRIVÉ", true);
    write_text(pen, 60, 105, 34, "20 NOV 2026");
    cairo_restore(pen);
}

cairo_status_t collect(void* to, const unsigned char* bytes, unsigned int size) {
    static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(bytes), size);
    return CAIRO_STATUS_SUCCESS;
}

void draw(cairo_t* pen, const v1::DocumentView& view, const v1::PageReading& reading, const std::string& title,
          const Reference& reference) {
    const int page = reading.page();
    std::mt19937 random(static_cast<unsigned>(std::hash<std::string>{}(view.row().id())) + static_cast<unsigned>(page));
    cairo_set_source_rgb(pen, 0.985, 0.98, 0.965);
    cairo_paint(pen);
    cairo_set_source_rgb(pen, 0.05, 0.05, 0.1);
    write_text(pen, 150, 190, 52, title, true);
    write_text(pen, 150, 250, 28, "Document inventé pour les essais – volet " + std::to_string(page));
    cairo_set_line_width(pen, 3);
    cairo_move_to(pen, 150, 285);
    cairo_line_to(pen, 1504, 285);
    cairo_stroke(pen);
    double lowest = 330;
    for (const auto& field : view.document().fields()) {
        if (field.page() != page) continue;
        const auto box = turned(field.box(), reading.rotation(), reading.width(), reading.height());
        write_text(pen, box.x(), box.y() - 14, 26, reference.field_label(field.name()));
        comb(pen, box, field.value());
        lowest = std::max(lowest, static_cast<double>(box.y() + box.height()));
    }
    grey_lines(pen, lowest + 70, std::max(3, static_cast<int>((1900 - lowest) / 44)), random);
    stamp(pen, 1000, 2060);
}

}  // namespace

void PageArtist::know(const v1::DocumentView& view) {
    for (const int page : view.document().pages())
        by_page_[view.row().pli_id() + " " + std::to_string(page - 1)] = view;
}

Result<EncodedPage> PageArtist::encode(const PageImageRequest& request) {
    const auto found = by_page_.find(request.pli.str() + " " + std::to_string(request.index));
    if (found == by_page_.end()) return invalid("FILE_MISSING", "no such page");
    const auto& view = found->second;
    const int page = request.index + 1;
    const auto reading = std::ranges::find(view.reading().pages(), page, &v1::PageReading::page);
    const int width = reading->width(), height = reading->height(), rotation = reading->rotation();
    const double scale = request.thumbnail ? 310.0 / width : 1.0;
    Surface sheet(static_cast<int>(width * scale), static_cast<int>(height * scale));
    cairo_scale(sheet.pen, scale, scale);
    // The reading says how to turn the scan upright; the scan is drawn turned the other way.
    cairo_translate(sheet.pen, width / 2.0, height / 2.0);
    cairo_rotate(sheet.pen, -rotation * 3.14159265358979 / 180);
    const bool lying = rotation % 180 != 0;
    cairo_translate(sheet.pen, -(lying ? height : width) / 2.0, -(lying ? width : height) / 2.0);
    const auto* type = reference_.nomenclature().find(view.row().type());
    draw(sheet.pen, view, *reading, type != nullptr ? type->label_fr : "Courrier libre", reference_);
    std::string bytes;
    cairo_surface_write_to_png_stream(sheet.surface, collect, &bytes);
    return EncodedPage{std::move(bytes), "image/png"};
}

}  // namespace pleiade::gateway::fake
