// A picture of how something is shared out: one bar a part, longest first, with its figure. SVG, readable without
// colours, which a README can show.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace pleiade::cli {

struct Bar {
    std::string name;
    double value = 0;
};

// `note` stands under the title: the machine, the sample.
std::string draw_bars(const std::string& title, const std::string& note, const std::string& unit,
                      std::vector<Bar> bars);

}  // namespace pleiade::cli
