// Which fonts each half may use. The halves share none, so that what is learnt on one is measured on other letters.
#pragma once

#include <string>
#include <vector>

#include "tests/mail/canvas.h"

namespace pleiade::mail {

enum class Half { Train, Test };

struct HandFont {
    std::string family;
    double scale = 1;        // handwriting fonts differ much in size for the same points
    double embolden_mm = 0;  // see TextStyle
    bool accents = true;     // false: capitals without accents only, as many people fill forms
};

struct FontSet {
    std::vector<std::string> forms;    // what the form is printed in
    std::vector<std::string> letters;  // word processors
    std::vector<std::string> typed;    // typewriters, and software that fills forms in
    std::vector<HandFont> hands;
};

// Only families that this machine has; PLEIADE_CHECK when one list is empty (a package is missing).
const FontSet& fonts_of(Half half);

}  // namespace pleiade::mail
