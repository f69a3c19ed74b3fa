#include "services/decoder/output.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "services/decoder/refusal.h"

namespace pleiade::decoder {
namespace protocol = vision::protocol;
namespace {

void write_at(int fd, const void* data, std::size_t bytes, std::uint64_t at) {
    const char* from = static_cast<const char*>(data);
    while (bytes > 0) {
        const ssize_t n = ::pwrite(fd, from, bytes, static_cast<off_t>(at));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) throw Refusal(kLimit, "the decoded pages take more room than the limit");
        from += n;
        at += static_cast<std::uint64_t>(n);
        bytes -= static_cast<std::size_t>(n);
    }
}

void copy_text(char* to, std::size_t room, const char* from) {
    std::memset(to, 0, room);
    std::memcpy(to, from, std::min(room - 1, std::strlen(from)));
}

}  // namespace

void Output::record(protocol::RecordType type, int index, const void* head, std::size_t head_bytes, const void* body,
                    std::size_t body_bytes) {
    const protocol::RecordHead top{protocol::kMagic, static_cast<std::uint32_t>(type),
                                   static_cast<std::uint32_t>(index), 0, head_bytes + body_bytes};
    std::uint64_t at = offset_ + sizeof top;
    if (head_bytes > 0) write_at(fd_, head, head_bytes, at);
    at += head_bytes;
    if (body_bytes > 0) write_at(fd_, body, body_bytes, at);
    write_at(fd_, &top, sizeof top, offset_);
    offset_ = (at + body_bytes + 7) / 8 * 8;
}

void Output::start(int page_total) {
    const protocol::StartRecord start{static_cast<std::uint32_t>(page_total), 0};
    record(protocol::RecordType::Start, 0, &start, sizeof start);
}

void Output::page(int index, const Page& page, bool pixels_too) {
    protocol::PageRecord head{};
    head.width = static_cast<std::uint32_t>(page.width);
    head.height = static_cast<std::uint32_t>(page.height);
    head.bits = static_cast<std::uint32_t>(page.bits);
    head.flags = (page.colour ? protocol::kFlagColour : 0) | (page.bits == 1 ? protocol::kFlagBitonal : 0);
    head.dpi_x = page.dpi_x;
    head.dpi_y = page.dpi_y;
    head.pixel_bytes = pixels_too ? page.pixels.size() : 0;
    const std::uint64_t pixels_at = offset_ + sizeof(protocol::RecordHead) + sizeof head;
    record(protocol::RecordType::Page, index, &head, sizeof head, page.pixels.data(), head.pixel_bytes);
    if (pixels_too) {
        pages_.push_back(index);
        written_.push_back({head, pixels_at});
    }
}

void Output::to_render(int index, std::uint32_t width, std::uint32_t height) {
    const protocol::RenderRecord render{width, height};
    record(protocol::RecordType::ToRender, index, &render, sizeof render);
}

void Output::pixels_done(int next_page) {
    const protocol::DoneRecord done{static_cast<std::uint32_t>(next_page), 0};
    record(protocol::RecordType::PixelsDone, 0, &done, sizeof done);
}

void Output::code(int index, const FoundCode& code) {
    protocol::CodeRecord head{};
    copy_text(head.symbology, sizeof head.symbology, code.symbology.c_str());
    head.x = code.x;
    head.y = code.y;
    head.width = code.width;
    head.height = code.height;
    head.text_bytes = static_cast<std::uint32_t>(std::min<std::size_t>(code.text.size(), protocol::kCodeTextBytesMax));
    record(protocol::RecordType::Code, index, &head, sizeof head, code.text.data(), head.text_bytes);
}

void Output::codes_done(int index) {
    record(protocol::RecordType::CodesDone, index, nullptr, 0);
}

void Output::verdict(const char* code, const char* message) {
    protocol::VerdictRecord verdict{};
    copy_text(verdict.code, sizeof verdict.code, code);
    copy_text(verdict.message, sizeof verdict.message, message);
    record(protocol::RecordType::Verdict, 0, &verdict, sizeof verdict);
}

void Output::end() {
    record(protocol::RecordType::End, 0, nullptr, 0);
}

Page Output::read_back(std::size_t nth) const {
    const Written& from = written_.at(nth);
    Page page;
    page.width = static_cast<int>(from.head.width);
    page.height = static_cast<int>(from.head.height);
    page.bits = static_cast<int>(from.head.bits);
    page.dpi_x = from.head.dpi_x;
    page.dpi_y = from.head.dpi_y;
    page.allocate();
    std::size_t done = 0;
    while (done < page.pixels.size()) {
        const ssize_t n = ::pread(fd_, page.pixels.data() + done, page.pixels.size() - done,
                                  static_cast<off_t>(from.pixels_at + done));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) throw std::runtime_error("the output cannot be read back");
        done += static_cast<std::size_t>(n);
    }
    return page;
}

}  // namespace pleiade::decoder
