// Other people's programs look at our PDF: poppler's and qpdf's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pleiade::binder {

struct Ran {
    int exit_code = -1;
    std::string output;
};
// Runs `command FILE`, FILE holding `input`.
Ran run_tool(const std::string& command, const std::string& input);

struct Shown {
    int width = 0, height = 0;
    std::vector<std::uint8_t> grey;
    std::uint8_t at(int x, int y) const { return grey.at(static_cast<std::size_t>(y * width + x)); }
};
// The image object of a page as it is stored, decoded by pdfimages; colours as their luminance.
Shown extract_image(const std::string& pdf, int page);
// The page drawn by pdftoppm at 72 dpi.
Shown render_page(const std::string& pdf, int page);

}  // namespace pleiade::binder
