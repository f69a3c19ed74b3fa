#include "services/decoder/pdf.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFPageObjectHelper.hh>

#include "services/decoder/pdf_image.h"
#include "services/decoder/pdf_scan.h"
#include "services/decoder/refusal.h"

namespace pleiade::decoder {
namespace {

bool has_its_end(Bytes bytes) {
    const std::size_t tail = std::min<std::size_t>(bytes.size(), 2048);
    const std::string_view end(reinterpret_cast<const char*>(bytes.data() + bytes.size() - tail), tail);
    return end.find("%%EOF") != std::string_view::npos;
}

Refusal explain(const QPDFExc& error, Bytes bytes) {
    switch (error.getErrorCode()) {
        case qpdf_e_password:
            return {kEncrypted, "the PDF opens with a password only"};
        case qpdf_e_unsupported:
            return {kUnknown, "a kind of PDF that is not read"};
        default:
            break;
    }
    if (!has_its_end(bytes)) return {kTruncated, "the PDF ends before its table of contents"};
    return {kCorrupt, "the PDF is damaged"};
}

int quarter_turns(QPDFPageObjectHelper page) {
    QPDFObjectHandle rotate = page.getAttribute("/Rotate", false);
    return rotate.isInteger() ? ((rotate.getIntValueAsInt() % 360) + 360) % 360 : 0;
}

}  // namespace

PdfFile::PdfFile(Bytes bytes, const Job& job) : job_(job), pdf_(std::make_unique<QPDF>()) {
    try {
        pdf_->setSuppressWarnings(true);
        pdf_->processMemoryFile("input", reinterpret_cast<const char*>(bytes.data()), bytes.size());
        if (pdf_->anyWarnings() && !has_its_end(bytes)) {
            throw Refusal(kTruncated, "the PDF ends before its table of contents");
        }
        QPDFObjectHandle announced = pdf_->getRoot().getKey("/Pages");
        const std::int64_t count = announced.isDictionary() && announced.getKey("/Count").isInteger()
                                       ? announced.getKey("/Count").getIntValue()
                                       : -1;
        const std::size_t found = pdf_->getAllPages().size();
        if (found > static_cast<std::size_t>(job.pages_max)) throw Refusal(kTooLarge, "more pages than the limit");
        if (count > static_cast<std::int64_t>(found)) {
            throw Refusal(kCorrupt, "the PDF announces more pages than it holds");
        }
        if (found == 0) throw Refusal(kEmpty, "the PDF holds no page");
    } catch (const QPDFExc& error) {
        throw explain(error, bytes);
    } catch (const Refusal&) {
        throw;
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception&) {
        throw Refusal(kCorrupt, "the PDF is damaged");
    }
}

PdfFile::~PdfFile() = default;

int PdfFile::page_total() const {
    return static_cast<int>(pdf_->getAllPages().size());
}

std::optional<Page> PdfFile::scan(int index) const {
    try {
        QPDFPageObjectHelper page(pdf_->getAllPages().at(static_cast<std::size_t>(index)));
        const std::optional<ScanPlace> place = find_scan(page);
        if (!place) return std::nullopt;
        std::optional<Page> image = decode_pdf_image(place->image, job_, index);
        if (!image) return std::nullopt;
        image->dpi_x = image->width / place->width_points * 72;
        image->dpi_y = image->height / place->height_points * 72;
        rotate(*image, quarter_turns(page));
        return image;
    } catch (const QPDFExc&) {
        return std::nullopt;  // a damaged page: pdftoppm may know better, and says so when it does not
    }
}

RenderSize PdfFile::render_size(int index) const {
    QPDFPageObjectHelper page(pdf_->getAllPages().at(static_cast<std::size_t>(index)));
    double width = 612, height = 792;  // what pdftoppm takes when a page has no box
    QPDFObjectHandle box = page.getCropBox();
    if (box.isRectangle()) {
        const auto r = box.getArrayAsRectangle();
        width = std::abs(r.urx - r.llx);
        height = std::abs(r.ury - r.lly);
    }
    if (!(width > 0 && height > 0)) throw Refusal(kCorrupt, "page " + std::to_string(index + 1) + " has no surface");
    if (quarter_turns(page) % 180 == 90) std::swap(width, height);
    const double scale = job_.render_dpi / 72;
    const double w = std::ceil(width * scale), h = std::ceil(height * scale);
    check_size(static_cast<std::uint64_t>(std::min(w, 1e9)), static_cast<std::uint64_t>(std::min(h, 1e9)), job_, index);
    return {static_cast<std::uint32_t>(w), static_cast<std::uint32_t>(h)};
}

}  // namespace pleiade::decoder
