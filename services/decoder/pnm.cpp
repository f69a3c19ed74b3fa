#include "services/decoder/pnm.h"

#include <algorithm>

#include "services/decoder/refusal.h"

namespace pleiade::decoder {
namespace {

// One number of the header, then one white space.
std::uint64_t number(Bytes bytes, std::size_t& at) {
    std::uint64_t value = 0;
    std::size_t digits = 0;
    while (at < bytes.size() && bytes[at] >= '0' && bytes[at] <= '9' && ++digits < 10) {
        value = value * 10 + (bytes[at++] - '0');
    }
    if (digits == 0 || at >= bytes.size()) throw Refusal(kCorrupt, "the page was not rendered whole");
    ++at;
    return value;
}

}  // namespace

PnmFile::PnmFile(Bytes bytes, const Job& job) : dpi_(job.render_dpi) {
    std::size_t at = 0;
    while (at < bytes.size()) {
        if (bytes.size() - at < 3 || bytes[at] != 'P' || bytes[at + 1] != '5') {
            throw Refusal(kCorrupt, "the page was not rendered whole");
        }
        at += 3;
        const std::uint64_t width = number(bytes, at), height = number(bytes, at), top = number(bytes, at);
        check_size(width, height, job, static_cast<int>(pages_.size()));
        if (top != 255 || width * height > bytes.size() - at) {
            throw Refusal(kCorrupt, "the page was not rendered whole");
        }
        pages_.push_back({static_cast<int>(width), static_cast<int>(height), bytes.subspan(at, width * height)});
        at += width * height;
    }
}

Page PnmFile::page(int index) const {
    const Place& place = pages_.at(static_cast<std::size_t>(index));
    Page page;
    page.width = place.width;
    page.height = place.height;
    page.dpi_x = page.dpi_y = dpi_;
    page.pixels.assign(place.pixels.begin(), place.pixels.end());
    pack_if_bitonal(page);
    return page;
}

}  // namespace pleiade::decoder
