// What a letter is made of, as the letter model counts it. Pure.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace pleiade::reader::letters {

// Of folded text (fold.h), each once: its words of three letters and more ("remise"), and, of each longer word with its
// edges, the pieces of five letters ("~_remi", "~remis"...), which survive where OCR misreads the rest of the word and
// stay when its ending changes. Numbers are nobody's wording and are left out. Pairs of words add nothing: judged by
// wordings that were kept out, they are the sentence that was learnt, not the intent.
std::set<std::string> terms_of(std::string_view folded);

}  // namespace pleiade::reader::letters
