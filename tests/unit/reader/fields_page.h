// A page of OCR words, written by a test: 1654 x 2339 pixels, A4 at 200 dpi.
#pragma once

#include <string>
#include <string_view>

#include "services/reader/fields.h"

namespace pleiade::reader::test {

class PageWriter {
  public:
    static constexpr int kLetterWidth = 13;
    static constexpr int kLetterHeight = 24;
    static constexpr double kSure = 0.95;

    explicit PageWriter(int number = 1) {
        page_.page = number;
        page_.width = page_.scanned_width = 1654;
        page_.height = page_.scanned_height = 2339;
    }

    // One OCR line; spaces separate words.
    PageWriter& text(int x, int y, std::string_view words, double confidence = kSure) {
        OcrLine line;
        std::size_t from = 0;
        int at = x;
        while (from <= words.size()) {
            const auto to = std::min(words.find(' ', from), words.size());
            const auto word = words.substr(from, to - from);
            const int letters = letters_in(word);
            if (!word.empty()) add(line, std::string(word), at, y, letters * kLetterWidth, confidence);
            at += (letters + 1) * kLetterWidth;
            from = to + 1;
        }
        page_.lines.push_back(std::move(line));
        return *this;
    }

    // Figures apart, one a box; '_' leaves a box of room.
    PageWriter& comb(int x, int y, std::string_view figures, double confidence = kSure, int pitch = 40) {
        OcrLine line;
        for (const char c : figures) {
            if (c != '_') add(line, std::string(1, c), x, y, kLetterWidth, confidence);
            x += pitch;
        }
        page_.lines.push_back(std::move(line));
        return *this;
    }

    OcrPage& page() { return page_; }

  private:
    static int letters_in(std::string_view utf8) {
        int count = 0;
        for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
        return count;
    }
    static void add(OcrLine& line, std::string text, int x, int y, int width, double confidence) {
        const Box box{x, y, width, kLetterHeight};
        line.words.push_back({std::move(text), confidence, box});
        if (line.box.empty()) line.box = box;
        line.box.width = x + width - line.box.x;
    }

    OcrPage page_;
};

inline FieldHints hints() {
    return {"2026-11-20", nullptr};
}

inline Fields extract(const PageWriter& writer, const FieldHints& given = hints()) {
    auto copy = writer;
    return extract_fields({&copy.page()}, given);
}

// The one value of a field, or "-" when there is none, "several" when there are more; with its status.
inline std::string said(const Fields& fields, const std::string& name) {
    const auto found = fields.find(name);
    if (found == fields.end() || found->second.empty()) return "-";
    if (found->second.size() > 1) return "several";
    return found->second.front().value + " " + std::string(to_word(found->second.front().status));
}

inline int count_valid(const Fields& fields, const std::string& name) {
    const auto found = fields.find(name);
    if (found == fields.end()) return 0;
    int count = 0;
    for (const auto& value : found->second) count += value.status == FieldStatus::Valid ? 1 : 0;
    return count;
}

}  // namespace pleiade::reader::test
