#include "services/decoder/tiff_chain.h"

#include <algorithm>
#include <unordered_set>

#include "services/decoder/refusal.h"

namespace pleiade::decoder {
namespace {

class Reader {
  public:
    Reader(Bytes bytes, bool big_endian) : bytes_(bytes), big_endian_(big_endian) {}
    bool holds(std::uint64_t at, std::uint64_t count) const {
        return at <= bytes_.size() && count <= bytes_.size() - at;
    }
    std::uint64_t number(std::uint64_t at, int width) const {
        if (!holds(at, static_cast<std::uint64_t>(width)))
            throw Refusal(kTruncated, "the file ends inside its directory");
        std::uint64_t value = 0;
        for (int i = 0; i < width; ++i) {
            const int from = big_endian_ ? i : width - 1 - i;
            value = value << 8 | bytes_[at + static_cast<std::uint64_t>(from)];
        }
        return value;
    }

  private:
    Bytes bytes_;
    bool big_endian_;
};

void put(std::vector<std::uint8_t>& out, std::uint64_t value, int width) {
    for (int i = 0; i < width; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void put_entry(std::vector<std::uint8_t>& out, int tag, int type, std::uint64_t value) {
    put(out, static_cast<std::uint64_t>(tag), 2);
    put(out, static_cast<std::uint64_t>(type), 2);
    put(out, 1, 4);
    put(out, value, 4);
}

}  // namespace

std::vector<std::uint64_t> ifd_chain(Bytes bytes, int pages_max) {
    if (bytes.size() < 8) throw Refusal(kTruncated, "the file ends inside its header");
    const Reader reader(bytes, bytes[0] == 'M');
    const bool wide = reader.number(2, 2) == 43;
    const int count_width = wide ? 8 : 2, offset_width = wide ? 8 : 4;
    const std::uint64_t entry_bytes = wide ? 20 : 12;

    std::vector<std::uint64_t> chain;
    std::unordered_set<std::uint64_t> seen;
    std::uint64_t at = reader.number(wide ? 8 : 4, offset_width);
    if (at == 0) throw Refusal(kEmpty, "the file holds no page");
    while (at != 0 && seen.insert(at).second) {
        if (static_cast<int>(chain.size()) >= pages_max) throw Refusal(kTooLarge, "more pages than the limit");
        const std::uint64_t entries = reader.number(at, count_width);
        if (entries == 0 || entries > 4096) throw Refusal(kCorrupt, "a directory of pages is damaged");
        chain.push_back(at);
        at = reader.number(at + static_cast<std::uint64_t>(count_width) + entries * entry_bytes, offset_width);
    }
    return chain;
}

std::vector<std::uint8_t> wrap_ccitt(const CcittStream& stream) {
    constexpr int kShort = 3, kLong = 4;
    constexpr int kEntries = 10;
    constexpr std::uint64_t kDataAt = 8 + 2 + 12 * kEntries + 4;
    std::vector<std::uint8_t> out;
    out.reserve(kDataAt + stream.data.size());
    put(out, 0x4949, 2);
    put(out, 42, 2);
    put(out, 8, 4);
    put(out, kEntries, 2);
    put_entry(out, 256, kLong, static_cast<std::uint64_t>(stream.width));
    put_entry(out, 257, kLong, static_cast<std::uint64_t>(stream.height));
    put_entry(out, 258, kShort, 1);
    put_entry(out, 259, kShort, stream.k < 0 ? 4 : 3);
    // A 0 pixel of the codec is white; PDF shows it black when BlackIs1 is false turns the sample, not the meaning.
    put_entry(out, 262, kShort, stream.black_is_1 ? 1 : 0);
    put_entry(out, 273, kLong, kDataAt);
    put_entry(out, 277, kShort, 1);
    put_entry(out, 278, kLong, static_cast<std::uint64_t>(stream.height));
    put_entry(out, 279, kLong, stream.data.size());
    put_entry(out, 292, kLong, stream.k > 0 ? 1 : 0);
    put(out, 0, 4);
    out.insert(out.end(), stream.data.begin(), stream.data.end());
    return out;
}

}  // namespace pleiade::decoder
