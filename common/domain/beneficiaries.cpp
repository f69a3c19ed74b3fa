#include "common/domain/beneficiaries.h"

#include <algorithm>
#include <numeric>

#include "common/domain/text_fold.h"

namespace pleiade {
namespace {

std::string letters_of(std::string_view name) {
    std::string letters;
    for (const char c : folded(name)) {
        if (c >= 'a' && c <= 'z') letters += c;
    }
    return letters;
}

// Letters put in, left out or changed: the classical distance of Levenshtein, names being short.
std::size_t misread_letters(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t above = row[j + 1];
            row[j + 1] = std::min({above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row.back();
}

}  // namespace

bool names_resemble(std::string_view read, std::string_view known) {
    const auto a = letters_of(read), b = letters_of(known);
    if (a.empty() || b.empty()) return false;
    const std::size_t allowed = b.size() <= 3 ? 0 : b.size() <= 7 ? 1 : 2;
    return misread_letters(a, b) <= allowed;
}

}  // namespace pleiade
