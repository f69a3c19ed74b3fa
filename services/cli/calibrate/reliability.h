// How often what is stated with a probability is right. Pure.
#pragma once

#include <vector>

#include "services/cli/calibrate/judged.h"
#include "services/reader/certainty.h"

namespace pleiade::cli {

// Samples stated between the same two probabilities.
struct ReliabilityBin {
    double from = 0, to = 0;
    int samples = 0, right = 0;
    double stated = 0;  // mean of what was stated
};

// Narrower towards 1, where decisions are taken: 0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1.
std::vector<ReliabilityBin> reliability(const std::vector<Sample>& samples);

// Expected calibration error: mean distance between stated and true, each bin with its samples.
double calibration_error(const std::vector<ReliabilityBin>& bins);

// The curve that makes what was seen likeliest (Platt 1999, with his targets that are never quite 0 or 1, so that
// samples without a mistake do not make certainty out of habit). What was stated stays as it is unless the samples
// speak clearly for the curve: likelihood ratio, at 99 %. `only_lowers`: slope at most 1 and offset at most 0.
reader::CertaintyCurve fit(const std::vector<Sample>& samples, bool only_lowers);

struct Threshold {
    double certainty = 1;  // from there on
    int samples = 0, wrong = 0;
    double upper = 1;    // of the share of mistakes, at 95 %
    bool shown = false;  // that upper bound is within the target; else nothing is, and this is the highest one seen
};

// The lowest certainty from which on the share of mistakes is, with 95 % assurance, at most `target`.
Threshold threshold_for(std::vector<Sample> samples, double target);

// For a type of its own: the lowest certainty from which on its mistakes do not speak against the target (the lower
// bound of their share is within it). Few samples without a mistake ask for nothing.
Threshold threshold_against(std::vector<Sample> samples, double target, double at_least);

}  // namespace pleiade::cli
