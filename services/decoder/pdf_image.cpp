#include "services/decoder/pdf_image.h"

#include <algorithm>
#include <cstring>
#include <qpdf/Pipeline.hh>
#include <string>

#include "services/decoder/jpeg.h"
#include "services/decoder/refusal.h"
#include "services/decoder/tiff.h"

namespace pleiade::decoder {
namespace {

// Collects a stream, and stops a bomb where the image would be full.
class Bucket : public Pipeline {
  public:
    explicit Bucket(std::size_t bytes_max) : Pipeline("bucket", nullptr), bytes_max_(bytes_max) {}
    void write(const unsigned char* data, std::size_t bytes) override {
        const std::size_t taken = std::min(bytes, bytes_max_ - bytes_.size());
        bytes_.insert(bytes_.end(), data, data + taken);
    }
    void finish() override {}
    std::vector<std::uint8_t>& bytes() { return bytes_; }

  private:
    std::size_t bytes_max_;
    std::vector<std::uint8_t> bytes_;
};

int integer(QPDFObjectHandle object, int otherwise) {
    return object.isInteger() ? object.getIntValueAsInt() : otherwise;
}
bool flag(QPDFObjectHandle object, bool otherwise) {
    return object.isBool() ? object.getBoolValue() : otherwise;
}

struct Colours {
    int components = 0;                 // per sample of the stream
    std::vector<std::uint8_t> palette;  // of grey values, when indexed
    bool palette_coloured = false;
};

int device_components(QPDFObjectHandle space) {
    if (space.isNameAndEquals("/DeviceGray") || space.isNameAndEquals("/G")) return 1;
    if (space.isNameAndEquals("/DeviceRGB") || space.isNameAndEquals("/RGB")) return 3;
    if (space.isNameAndEquals("/DeviceCMYK") || space.isNameAndEquals("/CMYK")) return 4;
    if (!space.isArray() || space.getArrayNItems() < 2) return 0;
    QPDFObjectHandle name = space.getArrayItem(0);
    if (name.isNameAndEquals("/CalGray")) return 1;
    if (name.isNameAndEquals("/CalRGB")) return 3;
    if (name.isNameAndEquals("/ICCBased") && space.getArrayItem(1).isStream()) {
        const int n = integer(space.getArrayItem(1).getDict().getKey("/N"), 0);
        return n == 1 || n == 3 || n == 4 ? n : 0;
    }
    return 0;
}

std::uint8_t to_grey(const std::uint8_t* sample, int components, bool& coloured) {
    if (components == 1) return sample[0];
    if (components == 3) {
        coloured = coloured || sample[0] != sample[1] || sample[1] != sample[2];
        return luminance(sample[0], sample[1], sample[2]);
    }
    const unsigned k = 255u - sample[3];
    coloured = coloured || sample[0] != sample[1] || sample[1] != sample[2];
    return luminance((255u - sample[0]) * k / 255, (255u - sample[1]) * k / 255, (255u - sample[2]) * k / 255);
}

std::optional<Colours> read_colours(QPDFObjectHandle space, int bits) {
    Colours colours;
    if (space.isArray() && space.getArrayNItems() == 4 &&
        (space.getArrayItem(0).isNameAndEquals("/Indexed") || space.getArrayItem(0).isNameAndEquals("/I"))) {
        const int base = device_components(space.getArrayItem(1));
        const int top = integer(space.getArrayItem(2), -1);
        QPDFObjectHandle table = space.getArrayItem(3);
        if (base == 0 || top < 0 || top > 255 || bits > 8) return std::nullopt;
        std::string values;
        if (table.isString()) {
            values = table.getStringValue();
        } else if (table.isStream()) {
            Bucket bucket(1024);
            if (!table.pipeStreamData(&bucket, nullptr, 0, qpdf_dl_generalized, true)) return std::nullopt;
            values.assign(bucket.bytes().begin(), bucket.bytes().end());
        }
        if (values.size() < static_cast<std::size_t>(base) * static_cast<std::size_t>(top + 1)) return std::nullopt;
        colours.components = 1;
        colours.palette.assign(256, 255);
        for (int i = 0; i <= top; ++i) {
            colours.palette[static_cast<std::size_t>(i)] = to_grey(
                reinterpret_cast<const std::uint8_t*>(values.data()) + i * base, base, colours.palette_coloured);
        }
        return colours;
    }
    colours.components = device_components(space);
    if (colours.components == 0) return std::nullopt;
    return colours;
}

// 0: as it is; 1: turned; nothing: some other mapping.
std::optional<bool> inverted(QPDFObjectHandle decode, int components) {
    if (decode.isNull()) return false;
    if (!decode.isArray() || decode.getArrayNItems() != 2 * components) return std::nullopt;
    int straight = 0, turned = 0;
    for (int i = 0; i < components; ++i) {
        QPDFObjectHandle low = decode.getArrayItem(2 * i), high = decode.getArrayItem(2 * i + 1);
        if (!low.isNumber() || !high.isNumber()) return std::nullopt;
        if (low.getNumericValue() == 0 && high.getNumericValue() == 1) ++straight;
        if (low.getNumericValue() == 1 && high.getNumericValue() == 0) ++turned;
    }
    if (straight == components) return false;
    if (turned == components) return true;
    return std::nullopt;
}

void invert(Page& page) {
    for (std::uint8_t& byte : page.pixels) byte = static_cast<std::uint8_t>(~byte);
}

std::uint8_t sample_at(const std::uint8_t* row, std::size_t n, int bits) {
    switch (bits) {
        case 8:
            return row[n];
        case 16:
            return row[2 * n];
        default: {
            const std::size_t bit = n * static_cast<std::size_t>(bits);
            return static_cast<std::uint8_t>((row[bit / 8] >> (8 - bits - static_cast<int>(bit % 8))) &
                                             ((1 << bits) - 1));
        }
    }
}

Page decode_samples(const std::vector<std::uint8_t>& data, int width, int height, int bits, const Colours& colours,
                    bool turned) {
    Page page;
    page.width = width;
    page.height = height;
    const std::size_t samples = static_cast<std::size_t>(width) * static_cast<std::size_t>(colours.components);
    const std::size_t row_bytes = (samples * static_cast<std::size_t>(bits) + 7) / 8;
    if (bits == 1 && colours.components == 1 && colours.palette.empty()) {
        page.bits = 1;
        page.pixels = data;
        if (turned) invert(page);
        return page;
    }
    page.allocate();
    const unsigned top = bits >= 8 ? 255 : (1u << bits) - 1;
    bool coloured = colours.palette_coloured;
    std::vector<std::uint8_t> line(samples);
    for (int y = 0; y < height; ++y) {
        const std::uint8_t* from = data.data() + row_bytes * static_cast<std::size_t>(y);
        std::uint8_t* to = page.row(y);
        for (std::size_t n = 0; n < samples; ++n) {
            const std::uint8_t raw = sample_at(from, n, bits);
            line[n] = !colours.palette.empty() ? colours.palette[raw] : static_cast<std::uint8_t>(raw * 255u / top);
            if (turned) line[n] = static_cast<std::uint8_t>(255 - line[n]);
        }
        for (int x = 0; x < width; ++x)
            to[x] = to_grey(line.data() + x * colours.components, colours.components, coloured);
    }
    page.colour = coloured;
    pack_if_bitonal(page);
    return page;
}

std::vector<std::uint8_t> raw_bytes(QPDFObjectHandle image) {
    Bucket bucket(static_cast<std::size_t>(200) << 20);
    if (!image.pipeStreamData(&bucket, nullptr, 0, qpdf_dl_none, true)) throw Refusal(kCorrupt, "a damaged stream");
    return std::move(bucket.bytes());
}

// The one filter of the stream and its parameters; nothing when there are several.
std::optional<std::pair<std::string, QPDFObjectHandle>> only_filter(QPDFObjectHandle dict) {
    QPDFObjectHandle filter = dict.getKey("/Filter");
    QPDFObjectHandle parms = dict.getKey("/DecodeParms");
    if (filter.isArray()) {
        if (filter.getArrayNItems() != 1) return std::nullopt;
        filter = filter.getArrayItem(0);
    }
    if (parms.isArray()) parms = parms.getArrayNItems() > 0 ? parms.getArrayItem(0) : QPDFObjectHandle::newNull();
    if (!filter.isName()) return std::nullopt;
    return std::pair{filter.getName(), parms};
}

std::optional<Page> decode_fax(QPDFObjectHandle image, QPDFObjectHandle parms, int width, int height, bool turned,
                               const Job& job, int index) {
    CcittStream stream;
    stream.width = width;
    stream.height = height;
    if (parms.isDictionary()) {
        stream.k = integer(parms.getKey("/K"), 0);
        stream.black_is_1 = flag(parms.getKey("/BlackIs1"), false);
        if (flag(parms.getKey("/EncodedByteAlign"), false)) return std::nullopt;
    }
    const int columns = parms.isDictionary() ? integer(parms.getKey("/Columns"), 1728) : 1728;
    if (columns != width) return std::nullopt;
    const std::vector<std::uint8_t> data = raw_bytes(image);
    stream.data = data;
    Page page = decode_ccitt(stream, job, index);
    if (turned) invert(page);
    return page;
}

}  // namespace

std::optional<Page> decode_pdf_image(QPDFObjectHandle image, const Job& job, int index) {
    QPDFObjectHandle dict = image.getDict();
    const int width = integer(dict.getKey("/Width"), 0), height = integer(dict.getKey("/Height"), 0);
    if (width <= 0 || height <= 0) return std::nullopt;
    check_size(static_cast<std::uint64_t>(width), static_cast<std::uint64_t>(height), job, index);
    if (dict.hasKey("/SMask") || dict.hasKey("/Mask") || flag(dict.getKey("/ImageMask"), false)) return std::nullopt;
    auto filter = only_filter(dict);

    if (filter && (filter->first == "/DCTDecode" || filter->first == "/DCT")) {
        const int components = device_components(dict.getKey("/ColorSpace"));
        if (components == 0 || !dict.getKey("/Decode").isNull() || filter->second.isDictionary()) return std::nullopt;
        const std::vector<std::uint8_t> data = raw_bytes(image);
        Page page = decode_jpeg(data, job, index, true);
        if (page.width != width || page.height != height) return std::nullopt;
        return page;
    }

    const int bits = integer(dict.getKey("/BitsPerComponent"), 0);
    const bool fax = filter && (filter->first == "/CCITTFaxDecode" || filter->first == "/CCF");
    if (!fax && bits != 1 && bits != 2 && bits != 4 && bits != 8 && bits != 16) return std::nullopt;
    const auto colours = read_colours(dict.getKey("/ColorSpace"), fax ? 1 : bits);
    if (!colours) return std::nullopt;
    const auto turned = inverted(dict.getKey("/Decode"), colours->components);
    if (!turned || (*turned && !colours->palette.empty())) return std::nullopt;
    if (fax) {
        if (!colours->palette.empty() || colours->components != 1) return std::nullopt;
        return decode_fax(image, filter->second, width, height, *turned, job, index);
    }

    const std::size_t row_bytes =
        (static_cast<std::size_t>(width) * static_cast<std::size_t>(colours->components * bits) + 7) / 8;
    Bucket bucket(row_bytes * static_cast<std::size_t>(height));
    bool filtered = false;
    if (!image.pipeStreamData(&bucket, &filtered, 0, qpdf_dl_specialized, true)) {
        if (!filtered) return std::nullopt;
        throw Refusal(kCorrupt, "page " + std::to_string(index + 1) + ": damaged image data");
    }
    if (!filtered && filter) return std::nullopt;  // JBIG2, JPEG 2000, or a chain that qpdf does not know
    if (bucket.bytes().size() < row_bytes * static_cast<std::size_t>(height)) {
        throw Refusal(kTruncated, "page " + std::to_string(index + 1) + ": the image ends before its last line");
    }
    return decode_samples(bucket.bytes(), width, height, bits, *colours, *turned);
}

}  // namespace pleiade::decoder
