// Two diagrams side by side, as one SVG: how often what is stated is right, and how right the sorting is against how
// much of it goes straight through. Readable without colours.
#pragma once

#include <string>
#include <vector>

#include "services/cli/calibrate/judged.h"

namespace pleiade::cli {

struct ReliabilityLine {
    std::string name;
    std::vector<Sample> samples;
};

// `note` stands under the titles: what was read, how many.
std::string draw_certainty(const std::vector<ReliabilityLine>& lines, const std::vector<Sample>& types,
                           const std::string& note);

}  // namespace pleiade::cli
