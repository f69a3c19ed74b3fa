// A page under the pen: Cairo and Pango behind millimetres. The skew of the scanner is a rotation of the drawing
// itself, so that a slanted page costs nothing and its boxes are known exactly.
// Concurrency: one thread. Limits: A3 at 600 dpi.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/domain/reading.h"

namespace pleiade::mail {

struct Colour {
    double r = 0, g = 0, b = 0, a = 1;
    Colour lighter(double by) const { return {r + (1 - r) * by, g + (1 - g) * by, b + (1 - b) * by, a}; }
    Colour faded(double alpha) const { return {r, g, b, alpha}; }
};
inline constexpr Colour kBlack{0.05, 0.05, 0.07, 1};
inline constexpr Colour kWhite{1, 1, 1, 1};

struct Rect {
    double x = 0, y = 0, w = 0, h = 0;
    bool empty() const { return w <= 0; }
    Rect with(const Rect& other) const;  // the smallest that holds both
};

struct TextStyle {
    std::string font = "Liberation Sans";
    double points = 9;
    bool bold = false, italic = false;
    Colour colour = kBlack;
    double embolden_mm = 0;  // thin handwriting fonts would vanish under a bitonal threshold
    double spacing = 0;      // between letters, in points
};

struct Extent {
    double width = 0, height = 0, baseline = 0;  // millimetres
};

struct PaperSettings {
    double width_mm = 210, height_mm = 297;
    int dpi = 200;
    double skew_degrees = 0;
    double shift_x_mm = 0, shift_y_mm = 0;
};

class Canvas {
  public:
    explicit Canvas(const PaperSettings& paper);
    ~Canvas();
    Canvas(Canvas&&) noexcept;
    Canvas& operator=(Canvas&&) noexcept;

    // Adds the fonts of a folder to those of the system; to be called before anything is drawn.
    static void add_fonts(const std::string& folder);
    // Frees what the font libraries keep for the life of the process; nothing may be drawn after it.
    static void forget_fonts();
    static bool has_font(const std::string& family);

    void line(double x0, double y0, double x1, double y1, double width, const Colour& colour);
    void dots(double x0, double y, double x1, const Colour& colour);
    void frame(const Rect& rect, double width, const Colour& colour, double radius = 0);
    void fill(const Rect& rect, const Colour& colour, double radius = 0);
    void ellipse(const Rect& rect, const Colour& colour, double stroke_width = 0);  // 0 fills
    struct Point {
        double x, y;
    };
    void stroke(const std::vector<Point>& curve, double width, const Colour& colour);  // smooth

    Extent measure(std::string_view text, const TextStyle& style) const;
    // The top left corner of the line of text is (x, y); `turn` in degrees around it.
    Extent text(double x, double y, std::string_view text, const TextStyle& style, double turn = 0);

    Box in_pixels(const Rect& rect) const;
    const PaperSettings& paper() const { return paper_; }
    int width() const;
    int height() const;
    int stride() const;
    const unsigned char* pixels();  // BGRx, rows of stride() bytes

  private:
    struct State;
    PaperSettings paper_;
    std::unique_ptr<State> state_;
};

}  // namespace pleiade::mail
