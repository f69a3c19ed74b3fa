#include "services/reader/page_reader.h"

#include <opencv2/imgproc.hpp>

namespace pleiade::reader {
namespace {

constexpr double kOcrDpi = 200;  // below, small print is lost; above, nothing is won and time grows

}  // namespace

Result<PageRead> read_page(const vision::PageImage& image, int page, std::optional<PageKind> known, OcrEngine& engine,
                           const std::function<bool()>& alive) {
    PageRead read;
    read.reading.page = page;
    read.reading.codes = image.codes;
    read.reading.width = image.grey.cols;
    read.reading.height = image.grey.rows;
    read.text.page = page;
    if (known) read.reading.kind = *known;
    if (read.reading.kind != PageKind::Document) return read;
    const double dpi = image.dpi_x > 0 ? image.dpi_x : 200;
    cv::Mat upright = image.grey;
    if (dpi > kOcrDpi) cv::resize(image.grey, upright, {}, kOcrDpi / dpi, kOcrDpi / dpi, cv::INTER_AREA);
    auto lines = engine.read(upright, kOcrDpi, OcrLayout::Page, alive);
    if (!lines) return pass_on(lines);
    read.text.lines = std::move(*lines);
    read.text.width = upright.cols;
    read.text.height = upright.rows;
    read.text.scanned_width = image.grey.cols;
    read.text.scanned_height = image.grey.rows;
    return read;
}

}  // namespace pleiade::reader
