// Shapes that others made: the sheet of handwritten figures, and fonts.
#include <ft2build.h>
#include FT_FREETYPE_H

#include <fmt/format.h>

#include <map>
#include <memory>
#include <opencv2/imgproc.hpp>

#include "common/vision/decode.h"
#include "services/reader/digits/training/drawn_figure.h"

namespace pleiade::reader::digits {
namespace {

constexpr int kSheetCell = 20;
constexpr int kSheetColumns = 100;
constexpr int kRowsPerFigure = 5;
constexpr int kHigh = 56;
constexpr int kMargin = 18;

}  // namespace

Result<Sheet> read_sheet(const std::string& path) {
    const auto decoded = vision::decode_file(path, {.codes = false});
    if (!decoded) return pass_on(decoded);
    const cv::Size wanted(kSheetColumns * kSheetCell, 10 * kRowsPerFigure * kSheetCell);
    if (decoded->pages.size() != 1 || decoded->pages.front().grey.size() != wanted) {
        return invalid(
            "SHEET_INVALID",
            fmt::format("{} is not the sheet of 5 000 figures; give digits.png of Debian's opencv-doc", path));
    }
    const cv::Mat& grey = decoded->pages.front().grey;
    Sheet sheet;
    sheet.learnt.resize(10);
    sheet.held_out.resize(10);
    for (int row = 0; row < 10 * kRowsPerFigure; ++row) {
        const auto figure = static_cast<std::size_t>(row / kRowsPerFigure);
        auto& into = row % kRowsPerFigure == kRowsPerFigure - 1 ? sheet.held_out[figure] : sheet.learnt[figure];
        for (int column = 0; column < kSheetColumns; ++column) {
            cv::Mat large;
            cv::resize(grey(cv::Rect(column * kSheetCell, row * kSheetCell, kSheetCell, kSheetCell)), large,
                       {kHigh, kHigh}, 0, 0, cv::INTER_CUBIC);
            cv::copyMakeBorder(large, large, kMargin, kMargin, kMargin, kMargin, cv::BORDER_CONSTANT, cv::Scalar(0));
            into.push_back(large);
        }
    }
    return sheet;
}

struct Font::Face {
    FT_Library library = nullptr;
    FT_Face face = nullptr;
    std::map<char, cv::Mat> drawn;
    ~Face() {
        if (face != nullptr) FT_Done_Face(face);
        if (library != nullptr) FT_Done_FreeType(library);
    }
};

Result<Font> Font::open(const std::string& path) {
    Font font;
    font.face_ = std::make_shared<Face>();
    if (FT_Init_FreeType(&font.face_->library) != 0 ||
        FT_New_Face(font.face_->library, path.c_str(), 0, &font.face_->face) != 0 ||
        FT_Set_Pixel_Sizes(font.face_->face, 0, 110) != 0) {
        return invalid("FONT_INVALID", fmt::format("{} is no font that can be drawn", path));
    }
    return font;
}

namespace {

cv::Mat render(FT_Face face, char character) {
    if (FT_Get_Char_Index(face, static_cast<FT_ULong>(character)) == 0) return {};
    if (FT_Load_Char(face, static_cast<FT_ULong>(character), FT_LOAD_RENDER | FT_LOAD_NO_HINTING) != 0) return {};
    const FT_Bitmap& bitmap = face->glyph->bitmap;
    if (bitmap.rows == 0 || bitmap.width == 0 || bitmap.pixel_mode != FT_PIXEL_MODE_GRAY) return {};
    const cv::Mat drawn(static_cast<int>(bitmap.rows), static_cast<int>(bitmap.width), CV_8UC1, bitmap.buffer,
                        static_cast<std::size_t>(bitmap.pitch));
    const double scale = static_cast<double>(kHigh) / std::max(drawn.rows, drawn.cols);
    cv::Mat sized;
    cv::resize(drawn, sized, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    cv::copyMakeBorder(sized, sized, kMargin, kMargin, kMargin, kMargin, cv::BORDER_CONSTANT, cv::Scalar(0));
    return sized;
}

}  // namespace

cv::Mat Font::draw(char character) const {
    const auto [at, missing] = face_->drawn.try_emplace(character);
    if (missing) at->second = render(face_->face, character);
    return at->second;
}

}  // namespace pleiade::reader::digits
