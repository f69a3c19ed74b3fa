// Numbers of a page as they were written: runs of figures along a row, whatever boxes, bars and spaces stand between
// them, and the stretches of a run that may be one number of a given length.
#pragma once

#include <string>
#include <vector>

#include "services/reader/fields/rows.h"

namespace pleiade::reader::fields {

struct Figure {
    char digit = 0;  // '0' to '9': what was read, or what the letter that was read is usually taken from
    char read = 0;   // what was read
    int word = 0;
    bool corrected() const { return digit != read; }
};

struct NumberRun {
    int row = 0;
    std::vector<Figure> figures;
    std::vector<std::size_t> cuts;  // indices where a number may begin or end: both ends and every wide gap
};

// A stretch of one run, cut to a length.
struct Candidate {
    int row = 0, first_word = 0, last_word = 0;
    Box box;
    std::string digits;              // one for each figure
    std::string read;                // likewise
    int corrected = 0;               // how many differ
    double confidence = 0;           // mean of the words, by figure
    double weakest = 0;              // of the words
    bool comb = false;               // figures written apart, in boxes
    std::vector<digits::Odds> odds;  // of each figure; empty when they were read as text
};

// The figures as a NIR has them: the letter of Corsica (2A, 2B) where it was read. `corrected` counts what is left.
struct PersonFigures {
    std::string text;
    int corrected = 0;
};
PersonFigures person_figures(const Candidate& candidate);

std::vector<NumberRun> number_runs(const PageRows& page);

// Where boxes are one or two more than `length`, the stretches of them that are as long: a comb was taken for longer
// than it is, over the end of its label or a stroke beside it. `surplus` boxes were left out.
struct LooseCandidate {
    Candidate candidate;
    int surplus = 0;
};
std::vector<LooseCandidate> loose_stretches(const PageRows& page, const std::vector<NumberRun>& runs,
                                            std::size_t length);

// Every stretch from cut to cut that holds exactly `length` figures.
std::vector<Candidate> stretches(const PageRows& page, const std::vector<NumberRun>& runs, std::size_t length);

}  // namespace pleiade::reader::fields
