// Small files made byte by byte, so that what is wrong with each is in plain sight.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace pleiade::vision {

using FileBytes = std::vector<std::uint8_t>;

// A file that goes away with the test.
class TemporaryFile {
  public:
    explicit TemporaryFile(const FileBytes& bytes) {
        char name[] = "/tmp/pleiade-test-XXXXXX";
        const int fd = ::mkstemp(name);
        path_ = name;
        ::close(fd);
        std::ofstream(path_, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }
    ~TemporaryFile() { ::unlink(path_.c_str()); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

struct TiffPage {
    int width = 16, height = 4;
    std::vector<std::uint8_t> rows = {0xF0, 0x0F, 0xFF, 0x00, 0xAA, 0xAA, 0x00, 0x01};  // 1 bit, 0 is black
    int orientation = 1;
    std::uint32_t dpi_x = 300, dpi_y = 300;
    std::uint32_t strip_bytes = 8;
    std::uint32_t compression = 1;
};

// Little-endian, one strip a page; `compression` names a codec without encoding anything.
inline FileBytes make_tiff(const std::vector<TiffPage>& pages) {
    FileBytes out;
    const auto put = [&](std::uint64_t value, int width) {
        for (int i = 0; i < width; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    };
    put(0x4949, 2);
    put(42, 2);
    put(8, 4);
    for (std::size_t n = 0; n < pages.size(); ++n) {
        const TiffPage& page = pages[n];
        constexpr std::uint32_t kEntries = 12;
        const auto data_at = static_cast<std::uint32_t>(out.size() + 2 + 12 * kEntries + 4);
        const auto rows_at = data_at + 16;
        const auto next = static_cast<std::uint32_t>(rows_at + page.rows.size());
        put(kEntries, 2);
        const auto entry = [&](int tag, int type, std::uint32_t value) {
            put(static_cast<std::uint64_t>(tag), 2);
            put(static_cast<std::uint64_t>(type), 2);
            put(1, 4);
            put(value, 4);
        };
        entry(256, 4, static_cast<std::uint32_t>(page.width));
        entry(257, 4, static_cast<std::uint32_t>(page.height));
        entry(258, 3, 1);
        entry(259, 3, page.compression);
        entry(262, 3, 1);
        entry(273, 4, rows_at);
        entry(274, 3, static_cast<std::uint32_t>(page.orientation));
        entry(277, 3, 1);
        entry(278, 4, static_cast<std::uint32_t>(page.height));
        entry(279, 4, page.strip_bytes);
        entry(282, 5, data_at);
        entry(283, 5, data_at + 8);
        put(n + 1 < pages.size() ? next : 0, 4);
        put(page.dpi_x, 4);
        put(1, 4);
        put(page.dpi_y, 4);
        put(1, 4);
        out.insert(out.end(), page.rows.begin(), page.rows.end());
    }
    return out;
}

}  // namespace pleiade::vision
