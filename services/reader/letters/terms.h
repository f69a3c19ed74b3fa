// What a letter is made of, as the letter model counts it. Pure.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace pleiade::reader::letters {

// Of folded text (fold.h), each once: its words of three letters and more ("remise"), such words that follow each other
// ("remise dette"), and, of each word with its edges, the pieces of four letters ("~_rem", "~remi"...), which survive
// where OCR misreads the rest of the word. Numbers are nobody's wording and are left out.
std::set<std::string> terms_of(std::string_view folded);

}  // namespace pleiade::reader::letters
