// A page as it is being drawn.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/mail/ink.h"

namespace pleiade::mail {

struct PageDraft {
    std::unique_ptr<Canvas> canvas;
    std::vector<DrawnField> fields;
    std::map<std::string, std::string> ticks;  // question -> the answer that was ticked
    std::string wording;                       // which of the letters of its template (painter.h); empty: it has one
    int volet = 0;                             // 0: the form has none, or none is printed
    bool cut = false;                          // something fell off the bottom: a fault of the template
};

// Paper to draw on (the scanner chose its resolution and skew), and where a finished page goes.
struct Desk {
    std::function<std::unique_ptr<Canvas>()> paper;
    std::function<void(PageDraft)> done;
};

}  // namespace pleiade::mail
