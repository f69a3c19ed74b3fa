// The blank sheets of the printed forms, as a platform keeps them: what registered forms are registered from.
#pragma once

#include <string>
#include <vector>

#include "tests/mail/template.h"

namespace pleiade::mail {

struct BlankForm {
    std::string file;  // in the folder: all pages of the form, volets included
    std::string type;
    int version = 1;  // no two forms of a type share one
    int pages = 0;
};

// One TIFF per printed form and edition, grey at 300 dpi, straight and clean, and `blanks.csv` (file;type;version;
// pages) beside them. Throws std::runtime_error (disk).
std::vector<BlankForm> write_blanks(const std::string& folder, Half half, const std::vector<int>& editions);

}  // namespace pleiade::mail
