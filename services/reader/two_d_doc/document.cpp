#include "services/reader/two_d_doc/document.h"

#include <algorithm>
#include <array>

#include "services/reader/two_d_doc/base32.h"
#include "services/reader/two_d_doc/latin1.h"

namespace pleiade::reader::two_d_doc {
namespace {

constexpr char kGroup = '\x1D';   // ends a datum of variable length
constexpr char kRecord = '\x1E';  // ends one that was cut; some end the data with it
constexpr char kUnit = '\x1F';    // stands before the signature
constexpr std::string_view kEnds = "\x1D\x1E\x1F";

bool is_id(std::string_view text) {
    return text.size() == 2 && std::all_of(text.begin(), text.end(),
                                           [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

// Walks over the data. What cannot be told apart is left, up to the next separator: a datum of another length than the
// table says must not make values of what follows it.
class Walk {
  public:
    Walk(std::string_view data, const DataTable& table, Document& document)
        : data_(data), table_(table), document_(document) {}

    void all() {
        while (at_ < data_.size()) {
            if (data_[at_] == kGroup || data_[at_] == kRecord) {
                ++at_;
                continue;
            }
            const auto id = data_.substr(at_, 2);
            const auto* datum = is_id(id) ? table_.find(id) : nullptr;
            if (datum == nullptr || document_.values.size() >= kValuesMax) {
                skip();
                continue;
            }
            at_ += 2;
            if (datum->fixed()) {
                fixed(id, *datum);
            } else {
                variable(id, *datum);
            }
        }
    }

  private:
    std::size_t next_end(std::size_t from) const { return std::min(data_.find_first_of(kEnds, from), data_.size()); }

    void skip() {
        document_.torn = true;
        at_ = next_end(at_);
    }

    void fixed(std::string_view id, const Datum& datum) {
        if (next_end(at_) - at_ < datum.max) return skip();
        keep(id, data_.substr(at_, datum.max), false);
        at_ += datum.max;
    }

    void variable(std::string_view id, const Datum& datum) {
        const auto end = next_end(at_);
        const auto size = end - at_;
        if (size < datum.min && size > 0) return skip();
        if (datum.max == kNoLimit || size <= datum.max) {
            keep(id, data_.substr(at_, size), end < data_.size() && data_[end] == kRecord);
            at_ = end;
            return;
        }
        // One that is as long as it may be needs no separator: the next one's id follows.
        if (table_.find(data_.substr(at_ + datum.max, 2)) == nullptr) return skip();
        keep(id, data_.substr(at_, datum.max), false);
        at_ += datum.max;
    }

    void keep(std::string_view id, std::string_view text, bool truncated) {
        document_.values.push_back({std::string(id), std::string(text), truncated});
    }

    std::string_view data_;
    const DataTable& table_;
    Document& document_;
    std::size_t at_ = 0;
};

// Version 1 puts the bytes of r and s right behind the data, with US between in some codes: which length they have is
// not written. C40 has no byte below GS and none above `_`, of which random bytes are full, so they begin before the
// first such byte.
constexpr std::array<std::size_t, 3> kSignatureBytes = {64, 96, 132};  // P-256, P-384, P-521

bool is_of_c40(char c) {
    return c >= kGroup && c <= '_';
}

void split_version_one(std::string_view text, Document& document) {
    document.signed_text = text;
    const auto bytes = latin1_of(text);
    if (!bytes) return;  // the barcode reader took the bytes for another writing: the signature is lost
    const auto first =
        static_cast<std::size_t>(std::find_if_not(bytes->begin(), bytes->end(), is_of_c40) - bytes->begin());
    if (first == bytes->size()) return;
    for (const auto size : kSignatureBytes) {
        if (bytes->size() < document.header.size + size || bytes->size() - size > first) continue;
        document.signed_text = bytes->substr(0, bytes->size() - size);
        document.signature = bytes->substr(bytes->size() - size);
        if (document.signed_text.back() == kUnit) document.signed_text.pop_back();
        return;
    }
}

}  // namespace

std::optional<std::string> Document::value(std::string_view id) const {
    std::optional<std::string> found;
    for (const auto& value : values) {
        if (value.id != id) continue;
        if (value.truncated || (found && *found != value.text)) return std::nullopt;
        found = value.text;
    }
    return found;
}

Result<Document> parse(std::string_view text, const DataTable& table) {
    if (text.size() > kTextBytesMax) return invalid("TWO_D_DOC_TOO_LARGE", "the 2D-Doc is longer than any code can be");
    auto header = parse_header(text);
    if (!header) return pass_on(header);
    Document document;
    document.header = std::move(*header);
    if (document.header.version == 1) {
        split_version_one(text, document);
        const std::string_view data = document.signed_text;
        const auto end = std::min(data.find(kUnit), data.size());
        if (end > document.header.size)
            Walk(data.substr(document.header.size, end - document.header.size), table, document).all();
        return document;
    }
    const auto unit = std::min(text.find(kUnit), text.size());
    if (unit < document.header.size) return invalid("TWO_D_DOC_HEADER", "the 2D-Doc is cut inside its head");
    document.signed_text = text.substr(0, unit);
    if (unit < text.size()) {
        const auto rest = text.substr(unit + 1);
        const auto end = std::min(rest.find_first_of(kEnds), rest.size());
        auto bytes = base32_bytes(rest.substr(0, end));
        if (!bytes) return invalid("TWO_D_DOC_SIGNATURE", "the signature of the 2D-Doc is not written in base 32");
        document.signature = std::move(*bytes);
        document.annexed = end + 1 < rest.size();
    }
    // Other perimeters give the same ids to other data.
    if (document.header.perimeter == kAntsPerimeter) {
        Walk(text.substr(document.header.size, unit - document.header.size), table, document).all();
    }
    return document;
}

}  // namespace pleiade::reader::two_d_doc
