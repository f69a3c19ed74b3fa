// A registered form: one blank page that is known, and what is filled in where. Pure values.
#pragma once

#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/vision/sketch.h"

namespace pleiade::reader::forms {

enum class ZoneKind {
    Comb,       // a row of cells, one character each
    Line,       // one printed line to write on
    Text,       // a frame for free text
    Tick,       // a box to tick
    Signature,  // a signature or a stamp: never read as text
};

// The words of the form files.
std::string_view to_word(ZoneKind kind);
std::optional<ZoneKind> zone_kind_from(std::string_view word);

struct Zone {
    std::string name;  // a field of the contract where it is one, else what the form calls it; unique on its page
    ZoneKind kind = ZoneKind::Line;
    cv::Rect2d box;                   // millimetres from the top left corner of the blank page
    std::vector<double> cell_starts;  // combs: the left edge of each cell, in millimetres
    double cell_width = 0;            // of all cells
    std::string group;                // ticks: those of one group answer one question
};

// A word of the blank's own print: what need not be read again on each page that bears it.
struct PrintedWord {
    std::string text;
    cv::Rect2d box;  // millimetres
    int line = 0;    // words of one line share it
    int block = 0;   // lines of one paragraph share it
};

struct Form {
    std::string id;  // name of its file without extension
    std::string type;
    std::string cerfa;      // "10170", may be empty
    std::string version;    // "07", may be empty
    std::string reference;  // S-reference, may be empty
    int page = 1;           // rank in the form
    std::optional<int> volet;
    bool notice = false;  // a page to keep, not to send
    // Its type cannot be worked on without the number of a practitioner or an establishment, which is often stamped.
    bool stamp_counts = false;
    cv::Size2d size;  // of the page, millimetres
    std::vector<Zone> zones;

    // The same form whatever its version: "10170", else its type.
    std::string family() const { return cerfa.empty() ? type : cerfa; }
    std::string title() const;  // "AAT 10170*07 page 1", for people
};

// CV_8UC1, 255 where the blank is printed, at vision::PageSketch::kDpi.
struct BlankPrint {
    cv::Mat sure;  // what every scan shows
    cv::Mat all;   // with pale colours, which a scan may show or not
};

struct RegisteredForm {
    Form form;
    BlankPrint print;    // empty when it comes packed
    std::string packed;  // its image file's bytes: a folder of hundreds of forms is not held in pixels
    std::vector<PrintedWord> words;
};

// The blank's millimetres and pixels.
inline double pixels_per_mm() {
    return vision::PageSketch::kDpi / 25.4;
}

}  // namespace pleiade::reader::forms
