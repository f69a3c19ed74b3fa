#include "common/vision/record_reader.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <string_view>

namespace pleiade::vision {
namespace {

using namespace protocol;

constexpr std::array kVerdicts = {"REJ_FORMAT_UNKNOWN", "REJ_FILE_EMPTY", "REJ_FILE_TRUNCATED", "REJ_FILE_CORRUPT",
                                  "REJ_FILE_ENCRYPTED", "REJ_TOO_LARGE",  "REJ_DECODER_LIMIT"};
constexpr std::size_t kCodesPerPageMax = 64;
constexpr double kDpiMax = 100'000;

bool read_at(int fd, void* to, std::size_t bytes, std::uint64_t at) {
    char* into = static_cast<char*>(to);
    while (bytes > 0) {
        const ssize_t n = ::pread(fd, into, bytes, static_cast<off_t>(at));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        into += n;
        at += static_cast<std::uint64_t>(n);
        bytes -= static_cast<std::size_t>(n);
    }
    return true;
}

void unpack(const std::vector<std::uint8_t>& packed, std::size_t row_bytes, cv::Mat& grey) {
    static const auto table = [] {
        std::array<std::array<std::uint8_t, 8>, 256> t{};
        for (unsigned byte = 0; byte < 256; ++byte) {
            for (unsigned bit = 0; bit < 8; ++bit) t[byte][bit] = (byte >> (7 - bit)) & 1 ? 255 : 0;
        }
        return t;
    }();
    for (int y = 0; y < grey.rows; ++y) {
        const std::uint8_t* from = packed.data() + row_bytes * static_cast<std::size_t>(y);
        std::uint8_t* to = grey.ptr(y);
        int x = 0;
        for (; x + 8 <= grey.cols; x += 8) std::memcpy(to + x, table[*from++].data(), 8);
        if (x < grey.cols) std::memcpy(to + x, table[*from].data(), static_cast<std::size_t>(grey.cols - x));
    }
}

// ASCII controls and broken UTF-8 become '?': the text goes into JSON and onto screens.
std::string clean_text(std::string_view raw) {
    std::string text;
    std::size_t i = 0;
    while (i < raw.size()) {
        const auto byte = [&](std::size_t n) { return static_cast<unsigned char>(raw[i + n]); };
        const unsigned lead = byte(0);
        const std::size_t length = lead < 0x80                   ? 1
                                   : lead >= 0xC2 && lead < 0xE0 ? 2
                                   : lead >= 0xE0 && lead < 0xF0 ? 3
                                   : lead >= 0xF0 && lead < 0xF5 ? 4
                                                                 : 0;
        bool good = length > 0 && i + length <= raw.size();
        for (std::size_t n = 1; good && n < length; ++n) good = (byte(n) & 0xC0) == 0x80;
        if (good && length == 3) good = !(lead == 0xE0 && byte(1) < 0xA0) && !(lead == 0xED && byte(1) >= 0xA0);
        if (good && length == 4) good = !(lead == 0xF0 && byte(1) < 0x90) && !(lead == 0xF4 && byte(1) >= 0x90);
        if (!good) {
            text += '?';
            ++i;
            continue;
        }
        // 0x1C to 0x1F separate the elements of GS1 and 2D-Doc.
        const bool kept_control = lead == '\n' || lead == '\t' || (lead >= 0x1C && lead <= 0x1F);
        if (length == 1 && (lead == 0x7F || (lead < 0x20 && !kept_control))) {
            text += '?';
        } else {
            text.append(raw.substr(i, length));
        }
        i += length;
    }
    return text;
}

class Walk {
  public:
    Walk(int fd, const RecordExpectations& expected, RunRecords& run) : fd_(fd), expected_(expected), run_(run) {
        struct stat status {};
        if (::fstat(fd, &status) == 0) size_ = static_cast<std::uint64_t>(status.st_size);
    }

    void all() {
        std::uint64_t at = 0;
        while (!run_.malformed && size_ >= sizeof(RecordHead) && at <= size_ - sizeof(RecordHead)) {
            RecordHead head{};
            if (!read_at(fd_, &head, sizeof head, at)) return;
            if (head.magic == 0) return;  // the record that it was writing when it ended
            const std::uint64_t payload = at + sizeof head;
            if (head.magic != kMagic || head.payload_bytes > size_ - payload) {
                run_.malformed = true;
                return;
            }
            run_.malformed = !one(head, payload);
            at = (payload + head.payload_bytes + 7) / 8 * 8;
        }
    }

  private:
    bool one(const RecordHead& head, std::uint64_t at) {
        switch (static_cast<RecordType>(head.type)) {
            case RecordType::Start:
                return start(head, at);
            case RecordType::Page:
                return page(head, at);
            case RecordType::ToRender:
                return to_render(head, at);
            case RecordType::PixelsDone:
                return pixels_done(head, at);
            case RecordType::Code:
                return code(head, at);
            case RecordType::CodesDone:
                return codes_done(head);
            case RecordType::Verdict:
                return verdict(head, at);
            case RecordType::End:
                run_.ended = true;
                return head.payload_bytes == 0;
        }
        return false;
    }

    template <class T>
    bool fixed(const RecordHead& head, std::uint64_t at, T& record, bool more_follows = false) const {
        const bool fits = more_follows ? head.payload_bytes >= sizeof record : head.payload_bytes == sizeof record;
        return fits && read_at(fd_, &record, sizeof record, at);
    }

    bool expected_page(const RecordHead& head) const {
        const auto page = static_cast<std::int64_t>(head.page);
        return page >= expected_.first && page < expected_.first + expected_.count && page < run_.page_total &&
               !run_.sizes.contains(static_cast<int>(page));
    }
    bool sound_size(std::uint64_t width, std::uint64_t height) const {
        return width > 0 && height > 0 && width <= 1'000'000 && height <= 1'000'000 &&
               width * height <= expected_.page_pixels_max;
    }

    bool start(const RecordHead& head, std::uint64_t at) {
        StartRecord record{};
        if (!fixed(head, at, record) || run_.page_total >= 0 || record.page_total == 0 ||
            record.page_total > static_cast<std::uint32_t>(expected_.pages_max)) {
            return false;
        }
        run_.page_total = static_cast<int>(record.page_total);
        return true;
    }

    bool page(const RecordHead& head, std::uint64_t at) {
        PageRecord record{};
        if (!fixed(head, at, record, true) || !expected_page(head) || !sound_size(record.width, record.height) ||
            (record.bits != 1 && record.bits != 8)) {
            return false;
        }
        const std::size_t row_bytes = record.bits == 1 ? (record.width + 7) / 8 : record.width;
        if (record.pixel_bytes != 0 && record.pixel_bytes != row_bytes * record.height) return false;
        if (record.pixel_bytes != head.payload_bytes - sizeof record) return false;
        PageImage image;
        const auto sound = [](double dpi) { return std::isfinite(dpi) && dpi > 0 && dpi < kDpiMax ? dpi : 0.0; };
        image.dpi_x = sound(record.dpi_x);
        image.dpi_y = sound(record.dpi_y);
        image.colour = (record.flags & kFlagColour) != 0;
        image.bitonal = record.bits == 1;
        image.codes_complete = false;
        const cv::Size size(static_cast<int>(record.width), static_cast<int>(record.height));
        if (expected_.pixels) {
            if (record.pixel_bytes == 0) return false;
            image.grey.create(size, CV_8UC1);
            const std::uint64_t pixels_at = at + sizeof record;
            if (record.bits == 8) {
                if (!read_at(fd_, image.grey.data, record.pixel_bytes, pixels_at)) return false;
            } else {
                std::vector<std::uint8_t> packed(record.pixel_bytes);
                if (!read_at(fd_, packed.data(), packed.size(), pixels_at)) return false;
                unpack(packed, row_bytes, image.grey);
            }
        }
        const int index = static_cast<int>(head.page);
        run_.pages.emplace(index, std::move(image));
        run_.sizes.emplace(index, size);
        return true;
    }

    bool to_render(const RecordHead& head, std::uint64_t at) {
        RenderRecord record{};
        if (!fixed(head, at, record) || !expected_page(head) || !sound_size(record.width, record.height)) return false;
        const int index = static_cast<int>(head.page);
        run_.to_render.push_back(index);
        run_.sizes.emplace(index, cv::Size(static_cast<int>(record.width), static_cast<int>(record.height)));
        return true;
    }

    bool pixels_done(const RecordHead& head, std::uint64_t at) {
        DoneRecord record{};
        if (!fixed(head, at, record) || run_.next_page || run_.page_total < 0) return false;
        const auto next = static_cast<std::int64_t>(record.next_page);
        // Every page of the run is there, and the run went forward.
        if (next < expected_.first || next > expected_.first + expected_.count || next > run_.page_total) return false;
        if (static_cast<std::size_t>(next - expected_.first) != run_.sizes.size()) return false;
        if (next == expected_.first && next < run_.page_total) return false;
        run_.next_page = static_cast<int>(next);
        return true;
    }

    bool code(const RecordHead& head, std::uint64_t at) {
        CodeRecord record{};
        const auto page = run_.pages.find(static_cast<int>(head.page));
        if (!fixed(head, at, record, true) || page == run_.pages.end() || record.text_bytes > kCodeTextBytesMax ||
            head.payload_bytes - sizeof record != record.text_bytes || page->second.codes.size() >= kCodesPerPageMax) {
            return false;
        }
        std::string text(record.text_bytes, '\0');
        if (!read_at(fd_, text.data(), text.size(), at + sizeof record)) return false;
        Code code;
        code.symbology = clean_text({record.symbology, strnlen(record.symbology, sizeof record.symbology)});
        code.text = clean_text(text);
        const cv::Size size = run_.sizes.at(page->first);
        const cv::Rect box = cv::Rect(record.x, record.y, std::clamp(record.width, 0, size.width),
                                      std::clamp(record.height, 0, size.height)) &
                             cv::Rect({0, 0}, size);
        code.box = {box.x, box.y, box.width, box.height};
        page->second.codes.push_back(std::move(code));
        return true;
    }

    bool codes_done(const RecordHead& head) {
        const auto page = run_.pages.find(static_cast<int>(head.page));
        if (head.payload_bytes != 0 || page == run_.pages.end()) return false;
        page->second.codes_complete = true;
        return true;
    }

    bool verdict(const RecordHead& head, std::uint64_t at) {
        VerdictRecord record{};
        if (!fixed(head, at, record) || run_.verdict) return false;
        const std::string code(record.code, strnlen(record.code, sizeof record.code));
        if (std::find(kVerdicts.begin(), kVerdicts.end(), code) == kVerdicts.end()) return false;
        run_.verdict = Error{ErrorKind::Invalid, code,
                             clean_text({record.message, strnlen(record.message, sizeof record.message)})};
        return true;
    }

    int fd_;
    const RecordExpectations& expected_;
    RunRecords& run_;
    std::uint64_t size_ = 0;
};

}  // namespace

RunRecords read_records(int fd, const RecordExpectations& expected) {
    RunRecords run;
    Walk(fd, expected, run).all();
    return run;
}

}  // namespace pleiade::vision
