#include "services/binder/bind.h"

#include <cstring>
#include <string_view>
#include <vector>

#include "services/binder/pdf_out.h"

namespace pleiade::binder {

namespace {

bool begins_with(Bytes file, std::string_view magic) {
    return file.size() >= magic.size() && std::memcmp(file.data(), magic.data(), magic.size()) == 0;
}

bool is_tiff(Bytes file) {
    using namespace std::string_view_literals;
    return begins_with(file, "II*\0"sv) || begins_with(file, "MM\0*"sv) || begins_with(file, "II+\0"sv) ||
           begins_with(file, "MM\0+"sv);
}

}  // namespace

std::string bind(const Request& request, Bytes input) {
    std::vector<Bytes> files;
    std::size_t at = 0;
    for (const auto bytes : request.file_bytes) {
        if (bytes > input.size() - at) throw Unreadable("input shorter than announced");
        files.push_back(input.subspan(at, bytes));
        at += bytes;
    }
    PdfOut out(request.title);
    for (const auto& page : request.pages) {
        const Bytes file = files.at(page.file);
        if (begins_with(file, "\xff\xd8\xff")) {
            if (page.index != 0) throw Unreadable("a jpeg has one page");
            out.add_scan(jpeg_scan(file), page.rotation);
        } else if (begins_with(file, "\x89PNG\r\n\x1a\n")) {
            if (page.index != 0) throw Unreadable("a png has one page");
            out.add_scan(png_scan(file), page.rotation);
        } else if (is_tiff(file)) {
            out.add_scan(tiff_scan(file, page.index), page.rotation);
        } else {
            // PDF readers accept some bytes before the header, and so does the decoder.
            out.add_pdf_page("file-" + std::to_string(page.file), file, page.index, page.rotation);
        }
    }
    return out.write();
}

}  // namespace pleiade::binder
