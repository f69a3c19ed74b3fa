// The words that a Tesseract language knows, as its file keeps them: a directed graph of letters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pleiade::reader::line_network {

struct Dictionary {
    // The number of each letter (UTF-8).
    std::unordered_map<std::string, std::uint64_t> letters;
    // What an edge packs: its letter in the lowest bits, three flags, and above them where its next letters begin.
    std::vector<std::uint64_t> edges;
    int letter_bits = 0;

    // `word`: UTF-8, as read. Punctuation around it does not count, nor do capitals; what hyphens and apostrophes join
    // is looked up part by part. False for what holds a figure, and for nothing. Pure.
    bool knows(std::string_view word) const;

  private:
    bool has(std::string_view part) const;
};

}  // namespace pleiade::reader::line_network
