// From evidence to a type: log-odds add up, the types and UNKNOWN share the probability.
#pragma once

#include <string>
#include <vector>

#include "services/reader/evidence.h"
#include "services/reader/typage_settings.h"

namespace pleiade::reader {

struct Verdict {
    std::string type = std::string(kUnknownType);
    double confidence = 0;     // of `type`
    bool certain = false;      // never for UNKNOWN
    std::string leading;       // the type that leads, even when the evidence is too weak to name it
    double leading_share = 0;  // its confidence
    std::vector<Hit> grounds;  // what spoke for `type`, the strongest first
};

// Evidence of the same key counts once, where it counts most. Pure.
Verdict judge(const std::vector<Hit>& hits, const TypageSettings& settings);

}  // namespace pleiade::reader
