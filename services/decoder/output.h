// Writes the records of ../../common/vision/decoder_protocol.h. A record counts only once its head is written.
#pragma once

#include <cstdint>
#include <vector>

#include "common/vision/decoder_protocol.h"
#include "services/decoder/codes.h"
#include "services/decoder/page.h"

namespace pleiade::decoder {

class Output {
  public:
    explicit Output(int fd) : fd_(fd) {}

    void start(int page_total);
    // `pixels_too` false writes the page without its pixels.
    void page(int index, const Page& page, bool pixels_too);
    void to_render(int index, std::uint32_t width, std::uint32_t height);
    void pixels_done(int next_page);
    void code(int index, const FoundCode& code);
    void codes_done(int index);
    void verdict(const char* code, const char* message);
    void end();

    std::uint64_t bytes_written() const { return offset_; }
    // Pages whose pixels are in the output, and their way back out of it.
    const std::vector<int>& pages() const { return pages_; }
    Page read_back(std::size_t nth) const;

  private:
    void record(vision::protocol::RecordType type, int index, const void* head, std::size_t head_bytes,
                const void* body = nullptr, std::size_t body_bytes = 0);

    struct Written {
        vision::protocol::PageRecord head;
        std::uint64_t pixels_at;
    };
    int fd_;
    std::uint64_t offset_ = 0;
    std::vector<int> pages_;
    std::vector<Written> written_;
};

}  // namespace pleiade::decoder
