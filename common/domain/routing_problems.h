// Everything that is wrong with the tables, gathered before anybody is told: correcting a plan must not take one run
// per mistake. Each problem is a line "routing.csv:12:7: what is wrong".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/csv.h"

namespace pleiade {

class TableProblems {
  public:
    void add(const CsvTable& table, const CsvCell& cell, std::string_view what);
    void add(const Error& error) { lines_.push_back(error.message); }
    void add(std::string_view file, int line, int column, std::string_view what);

    bool empty() const { return lines_.empty(); }
    const std::vector<std::string>& lines() const { return lines_; }
    // One Error of code CONFIG_INVALID, one problem a line, at most kShownMax of them.
    Error to_error() const;

    static constexpr std::size_t kShownMax = 50;

  private:
    std::vector<std::string> lines_;
};

// The known word that looks most like `word`; empty when there is none to offer.
std::string nearest_word(std::string_view word, const std::vector<std::string>& known);
// "«X» is not <what>; the nearest one is «Y»".
std::string unknown_word(std::string_view word, std::string_view what, const std::vector<std::string>& known);

// "FSP_*" or "AAT": `*` stands for any number of characters.
bool glob_matches(std::string_view pattern, std::string_view text);
inline bool is_glob(std::string_view pattern) {
    return pattern.find('*') != std::string_view::npos;
}

}  // namespace pleiade
