// Printed references and signs that have a form of their own: Cerfa numbers, S-references, "page 2/6", "volet 1",
// machine-readable lines. Found in the text as read, with what OCR does to them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/reader/page_text.h"

namespace pleiade::reader {

struct FormNumber {
    std::string digits;     // "14463"
    bool notice = false;    // printed with #, as far as OCR kept the sign
    bool marked = false;    // near "cerfa" or with its version, so that it surely is a form number
    bool own = false;       // at the head or foot of the page; false: quoted in running text
    bool doubtful = false;  // run together, or a digit read as a letter: believed only when such a form exists
    Box box;
};

struct SReference {
    std::string text;       // "S6200"
    bool own = false;       // the one at the foot, rightmost
    bool doubtful = false;  // its S was read as a digit: believed only when such a reference exists
    Box box;
};

struct PageMark {
    int number = 0;
    int total = 0;
    Box box;
};

std::vector<FormNumber> find_form_numbers(const PageText& text);
std::vector<SReference> find_s_references(const PageText& text);
std::optional<PageMark> find_page_mark(const PageText& text);
// "volet 2" in the head of the page, else alone on a line of its foot; nullopt when none or several are named there.
std::optional<int> find_volet(const PageText& text);
// "Notice explicative", "Notice d'utilisation"... as a heading: notices are not always numbered.
bool has_notice_heading(const PageText& text);

}  // namespace pleiade::reader
