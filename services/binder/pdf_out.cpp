#include "services/binder/pdf_out.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <qpdf/Buffer.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFWriter.hh>

namespace pleiade::binder {

namespace {

constexpr double kPointsPerInch = 72;
constexpr double kA4LongSideInches = 297 / 25.4;
constexpr double kDpiMin = 30, kDpiMax = 4800;  // outside, the file does not know what it says
constexpr double kPointsMax = 14'400;           // PDF's own limit of a page side

std::string fixed(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.3f", value);
    return text.data();
}

// Without a resolution the longer side is taken for that of an A4 sheet.
std::pair<double, double> dpi_of(const ScanImage& image) {
    double x = image.dpi_x, y = image.dpi_y;
    const auto sensible = [](double dpi) { return dpi >= kDpiMin && dpi <= kDpiMax; };
    if (sensible(x) && !sensible(y)) y = x;
    if (sensible(y) && !sensible(x)) x = y;
    if (!sensible(x)) x = y = std::max(image.width, image.height) / kA4LongSideInches;
    return {x, y};
}

// From the unit square, with the image's first row on top, to a page of w by h points, as the EXIF number turns it.
std::string placement(int orientation, double w, double h) {
    const std::string W = fixed(w), H = fixed(h), minus_w = fixed(-w), minus_h = fixed(-h);
    switch (orientation) {
        case 2:
            return minus_w + " 0 0 " + H + " " + W + " 0";
        case 3:
            return minus_w + " 0 0 " + minus_h + " " + W + " " + H;
        case 4:
            return W + " 0 0 " + minus_h + " 0 " + H;
        case 5:
            return "0 " + minus_h + " " + minus_w + " 0 " + W + " " + H;
        case 6:
            return "0 " + minus_h + " " + W + " 0 0 " + H;
        case 7:
            return "0 " + H + " " + W + " 0 0 0";
        case 8:
            return "0 " + H + " " + minus_w + " 0 " + W + " 0";
        default:
            return W + " 0 0 " + H + " 0 0";
    }
}

}  // namespace

PdfOut::PdfOut(const std::string& title) {
    pdf_.emptyPDF();
    auto info = QPDFObjectHandle::newDictionary();
    info.replaceKey("/Title", QPDFObjectHandle::newUnicodeString(title));
    info.replaceKey("/Producer", QPDFObjectHandle::newString("Pleiade"));
    pdf_.getTrailer().replaceKey("/Info", pdf_.makeIndirectObject(info));
}

void PdfOut::add_scan(ScanImage image, int rotation) {
    const auto [dpi_x, dpi_y] = dpi_of(image);
    double w = std::min(image.width / dpi_x * kPointsPerInch, kPointsMax);
    double h = std::min(image.height / dpi_y * kPointsPerInch, kPointsMax);
    if (image.orientation >= 5 && image.orientation <= 8) std::swap(w, h);

    auto stream = QPDFObjectHandle::newStream(&pdf_);
    auto dict = stream.getDict();
    dict.replaceKey("/Type", QPDFObjectHandle::newName("/XObject"));
    dict.replaceKey("/Subtype", QPDFObjectHandle::newName("/Image"));
    dict.replaceKey("/Width", QPDFObjectHandle::newInteger(image.width));
    dict.replaceKey("/Height", QPDFObjectHandle::newInteger(image.height));
    dict.replaceKey("/BitsPerComponent", QPDFObjectHandle::newInteger(image.bits));
    dict.replaceKey("/ColorSpace", QPDFObjectHandle::parse(image.colour_space));
    if (!image.decode.empty()) dict.replaceKey("/Decode", QPDFObjectHandle::parse(image.decode));
    const auto none = QPDFObjectHandle::newNull();
    stream.replaceStreamData(image.bytes, image.filter.empty() ? none : QPDFObjectHandle::newName(image.filter),
                             image.decode_parms.empty() ? none : QPDFObjectHandle::parse(image.decode_parms));

    auto page = QPDFObjectHandle::parse("<< /Type /Page /MediaBox [0 0 " + fixed(w) + " " + fixed(h) + "] >>");
    if (rotation != 0) page.replaceKey("/Rotate", QPDFObjectHandle::newInteger(rotation));
    auto xobjects = QPDFObjectHandle::newDictionary();
    xobjects.replaceKey("/Scan", stream);
    auto resources = QPDFObjectHandle::newDictionary();
    resources.replaceKey("/XObject", xobjects);
    page.replaceKey("/Resources", resources);
    page.replaceKey("/Contents",
                    QPDFObjectHandle::newStream(&pdf_, "q " + placement(image.orientation, w, h) + " cm /Scan Do Q\n"));
    pdf_.addPage(pdf_.makeIndirectObject(page), false);
}

void PdfOut::add_pdf_page(const std::string& name, Bytes file, int index, int rotation) {
    auto& source = sources_[name];
    if (!source) {
        source = std::make_unique<QPDF>();
        source->setSuppressWarnings(true);
        source->processMemoryFile(name.c_str(), reinterpret_cast<const char*>(file.data()), file.size());
        QPDFPageDocumentHelper(*source).pushInheritedAttributesToPage();
        QPDFPageDocumentHelper(*source).flattenAnnotations();
    }
    auto& pages = source->getAllPages();
    if (index < 0 || static_cast<std::size_t>(index) >= pages.size()) throw Unreadable("pdf page");
    auto original = pages.at(static_cast<std::size_t>(index));
    for (const char* key : {"/Annots", "/AA", "/B", "/Metadata", "/PieceInfo", "/StructParents", "/Thumb"})
        original.removeKey(key);
    pdf_.addPage(original, false);
    if (rotation != 0) {
        auto copied = pdf_.getAllPages().back();
        QPDFPageObjectHelper(copied).rotatePage(rotation, true);
    }
}

std::string PdfOut::write() {
    QPDFWriter writer(pdf_);
    writer.setOutputMemory();
    writer.setStreamDataMode(qpdf_s_preserve);  // never undo what the scanner did
    writer.setCompressStreams(true);
    writer.setDeterministicID(true);
    writer.setMinimumPDFVersion("1.7");
    writer.setPreserveUnreferencedObjects(false);
    writer.write();
    const std::unique_ptr<Buffer> buffer(writer.getBuffer());
    return {reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize()};
}

}  // namespace pleiade::binder
