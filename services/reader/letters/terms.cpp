#include "services/reader/letters/terms.h"

#include <algorithm>

#include "common/base/csv.h"

namespace pleiade::reader::letters {
namespace {

constexpr std::size_t kWordMin = 3;
constexpr std::size_t kPiece = 5;

}  // namespace

std::set<std::string> terms_of(std::string_view folded) {
    std::set<std::string> terms;
    for (const auto& word : split(std::string(folded), ' ')) {
        if (word.size() < kWordMin) continue;
        if (std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; })) continue;
        terms.insert(word);
        if (word.size() == kWordMin) continue;
        const auto edged = '_' + word + '_';
        for (std::size_t i = 0; i + kPiece <= edged.size(); ++i) terms.insert('~' + edged.substr(i, kPiece));
    }
    return terms;
}

}  // namespace pleiade::reader::letters
