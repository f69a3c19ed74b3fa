#include "services/reader/two_d_doc/header.h"

#include <algorithm>

namespace pleiade::reader::two_d_doc {
namespace {

constexpr std::size_t kSizeByVersion[] = {0, 22, 22, 24, 26};

bool is_identifier(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

std::optional<int> hexadecimal(std::string_view text) {
    int value = 0;
    for (const char c : text) {
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0) return std::nullopt;
        value = value * 16 + digit;
    }
    return value;
}

// Days since the first of January 2000; FFFF says that there is none.
std::optional<CivilDate> day_of(int days) {
    if (days == 0xFFFF) return std::nullopt;
    return plus_days(CivilDate{2000, 1, 1}, days);
}

}  // namespace

bool is_two_d_doc(std::string_view text) {
    return text.size() >= 4 && text.substr(0, 2) == "DC" && text[2] >= '0' && text[2] <= '9' && text[3] >= '0' &&
           text[3] <= '9';
}

Result<Header> parse_header(std::string_view text) {
    if (!is_two_d_doc(text)) return invalid("TWO_D_DOC_HEADER", "the code does not begin as a 2D-Doc does");
    Header header;
    header.version = (text[2] - '0') * 10 + text[3] - '0';
    if (header.version < 1 || header.version > 4) {
        return invalid("TWO_D_DOC_VERSION", "the 2D-Doc is of a version that is not documented");
    }
    header.size = kSizeByVersion[header.version];
    if (text.size() < header.size) return invalid("TWO_D_DOC_HEADER", "the 2D-Doc is cut inside its head");
    const auto head = text.substr(4, header.size - 4);
    const auto issued = hexadecimal(head.substr(8, 4));
    const auto signed_on = hexadecimal(head.substr(12, 4));
    if (!is_identifier(head) || !issued || !signed_on) {
        return invalid("TWO_D_DOC_HEADER", "the head of the 2D-Doc is not written as it must be");
    }
    header.authority = head.substr(0, 4);
    header.certificate = head.substr(4, 4);
    header.issued = day_of(*issued);
    header.signed_on = day_of(*signed_on);
    header.type = head.substr(16, 2);
    header.perimeter = header.version >= 3 ? std::string(head.substr(18, 2)) : std::string(kAntsPerimeter);
    if (header.version >= 4) header.country = head.substr(20, 2);
    return header;
}

}  // namespace pleiade::reader::two_d_doc
