// The words of a page in one folded string, with the way back to their place on the page and the zones that typage
// asks about.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/reader/approximate.h"
#include "services/reader/ocr_page.h"

namespace pleiade::reader {

// Where a phrase stands, from the strongest place for a title to the weakest.
enum class Place {
    Title,   // top of the page, in letters larger than the page's
    Top,     // top of the page
    Large,   // elsewhere, in large letters
    Body,    // elsewhere
    Bottom,  // last tenth of the page
};

// Immutable once built. The OcrPage must outlive it.
class PageText {
  public:
    explicit PageText(const OcrPage& page);

    const OcrPage& page() const { return *page_; }
    const std::string& folded() const { return folded_; }  // paragraph by paragraph
    const std::string& raw() const { return raw_; }        // the same words unfolded, for numbers and signs
    // Where the phrase is in folded(), with the errors that its length allows.
    std::optional<Match> find(const Phrase& phrase) const {
        return phrase.may_be_in(groups_, phrase.errors_allowed()) ? phrase.find_in(folded_) : std::nullopt;
    }
    int characters() const { return static_cast<int>(folded_.size()); }

    Box box_of_folded(std::size_t begin, std::size_t end) const;  // upright pixels
    Box box_of_raw(std::size_t begin, std::size_t end) const;
    // Share of the letters of its lines that a phrase takes: a title has its line to itself, a quotation has not.
    double share_of_lines(std::size_t begin, std::size_t end) const;
    Place place_of_folded(std::size_t begin, std::size_t end) const;
    double height_of_folded(std::size_t begin) const { return words_.empty() ? 0 : word_at(begin, false).height; }
    // As fractions of the page, 0 to 1.
    double x_of(const Box& upright) const;
    double y_of(const Box& upright) const;
    bool is_crop() const { return crop_; }  // an image that is no whole page: its top is not where titles stop

  private:
    struct Word {
        std::size_t folded_begin = 0, folded_end = 0;
        std::size_t raw_begin = 0, raw_end = 0;
        Box box;
        double height = 0;                         // of its line's letters
        std::size_t line_begin = 0, line_end = 0;  // of its line, folded
    };
    const Word& word_at(std::size_t offset, bool raw) const;
    Box box_of(std::size_t begin, std::size_t end, bool raw) const;

    const OcrPage* page_;
    std::string folded_, raw_;
    CharacterGroups groups_{std::string_view()};  // of folded_
    std::vector<Word> words_;
    double usual_height_ = 0;
    bool crop_ = false;
};

}  // namespace pleiade::reader
