// Which registered forms may this page be? All landmarks of all forms in a few hash tables over some of their bits: the
// cost of a question depends on how many landmarks look alike, hardly on how many forms there are.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "services/reader/forms/landmarks.h"

namespace pleiade::reader::forms {

struct LandmarkMatch {
    cv::Point2f on_page, on_form;  // small pixels
    int bits_off = 0;
    float weight = 1;  // less for what many forms have
};

struct Candidate {
    int form = 0;
    double votes = 0;
    std::vector<LandmarkMatch> matches;
};

// Immutable once built, so any thread may ask.
class FormIndex {
  public:
    void add(int form, const Landmarks& landmarks);
    void build();
    // The `most` forms with most votes, the best first; those with next to none are left out.
    std::vector<Candidate> ask(const Landmarks& page, int most) const;
    std::size_t landmarks() const { return entries_.size(); }

  private:
    static constexpr int kTables = 4;
    static constexpr int kKeyBits = 16;
    struct Entry {
        std::array<std::uint64_t, 4> description;
        cv::Point2f at;
        int form = 0;
    };
    struct Table {
        std::array<std::uint8_t, kKeyBits> bits{};
        std::vector<std::uint32_t> starts;  // of each key's entries
        std::vector<std::uint32_t> entries;
    };
    static std::uint32_t key_of(const Table& table, const std::array<std::uint64_t, 4>& description);

    std::vector<Entry> entries_;
    std::array<Table, kTables> tables_;
    int forms_ = 0;
};

}  // namespace pleiade::reader::forms
