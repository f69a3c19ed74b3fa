#include "common/domain/text_fold.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "common/base/check.h"

namespace pleiade {
namespace {

const icu::Normalizer2& compatibility_forms() {
    static const icu::Normalizer2* const forms = [] {
        UErrorCode status = U_ZERO_ERROR;
        const auto* found = icu::Normalizer2::getNFKDInstance(status);
        PLEIADE_CHECK(U_SUCCESS(status) && found != nullptr);
        return found;
    }();
    return *forms;
}

// What Unicode does not decompose and paper, or an OCR engine, writes all the same. nullptr: not in this table.
const char* plain_form(UChar32 c) {
    switch (c) {
        case 0x2018:
        case 0x2019:
        case 0x201A:
        case 0x201B:
        case 0x02BC:
        case 0x02B9:
        case 0x2032:
        case 0x00B4:
        case 0x0060:
        case 0xFF07:
            return "'";
        case 0x201C:
        case 0x201D:
        case 0x201E:
        case 0x201F:
        case 0x00AB:
        case 0x00BB:
        case 0x2033:
            return "\"";
        case 0x2010:
        case 0x2011:
        case 0x2012:
        case 0x2013:
        case 0x2014:
        case 0x2015:
        case 0x2212:
        case 0xFE58:
        case 0xFE63:
        case 0xFF0D:
            return "-";
        case 0x0152:
        case 0x0153:
            return "oe";
        case 0x00C6:
        case 0x00E6:
            return "ae";
        case 0x00DF:
        case 0x1E9E:
            return "ss";
        case 0x00D8:
        case 0x00F8:
            return "o";
        case 0x00B0:
            return "o";
        case 0x0141:
        case 0x0142:
            return "l";
        case 0x0110:
        case 0x0111:
        case 0x00D0:
        case 0x00F0:
            return "d";
        case 0x0131:
            return "i";
        case 0x2044:
            return "/";
        default:
            return nullptr;
    }
}

class Folding {
  public:
    explicit Folding(std::size_t bytes) {
        out_.text.reserve(bytes);
        out_.origin.reserve(bytes + 1);
    }
    void put(char c, std::size_t origin) {
        out_.text.push_back(c);
        out_.origin.push_back(static_cast<std::uint32_t>(origin));
    }
    void put(UChar32 c, std::size_t origin) {
        if (const char* plain = plain_form(c)) {
            for (; *plain != 0; ++plain) put(*plain, origin);
            return;
        }
        const auto category = u_charType(c);
        if (category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK || category == U_FORMAT_CHAR) return;
        if (u_isUWhiteSpace(c) || category == U_CONTROL_CHAR) {
            put(' ', origin);
            return;
        }
        const UChar32 lower = u_tolower(c);
        char bytes[U8_MAX_LENGTH];
        int32_t size = 0;
        U8_APPEND_UNSAFE(bytes, size, lower);
        for (int32_t i = 0; i < size; ++i) put(bytes[i], origin);
    }
    FoldedText finish(std::size_t bytes) {
        out_.origin.push_back(static_cast<std::uint32_t>(bytes));
        return std::move(out_);
    }

  private:
    FoldedText out_;
};

}  // namespace

FoldedText fold_text(std::string_view utf8) {
    PLEIADE_CHECK(utf8.size() < UINT32_MAX);
    Folding folding(utf8.size());
    const auto size = static_cast<int32_t>(std::min<std::size_t>(utf8.size(), INT32_MAX));
    int32_t next = 0;
    while (next < size) {
        const auto from = static_cast<std::size_t>(next);
        const char byte = utf8[from];
        if (byte >= 'a' && byte <= 'z') {  // most of what there is
            folding.put(byte, from);
            ++next;
            continue;
        }
        UChar32 c = 0;
        U8_NEXT(utf8.data(), next, size, c);
        if (c < 0) {
            folding.put('?', from);
            continue;
        }
        icu::UnicodeString parts;
        if (c < 0x80 || plain_form(c) != nullptr || !compatibility_forms().getDecomposition(c, parts)) {
            folding.put(c, from);
            continue;
        }
        for (int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) folding.put(parts.char32At(i), from);
    }
    return folding.finish(utf8.size());
}

FoldedText::Range FoldedText::original(std::size_t from, std::size_t to) const {
    PLEIADE_CHECK(from <= to && to <= text.size());
    if (from == to) return {origin[from], origin[from]};
    auto end = to;  // a character may have given several bytes
    while (end < text.size() && origin[end] == origin[to - 1]) ++end;
    return {origin[from], origin[end]};
}

std::string folded(std::string_view utf8) {
    return fold_text(utf8).text;
}

}  // namespace pleiade
