// The steps of reading a page, from cheap to dear: what each usually costs and what it can settle. The page reader
// notes each step that it took; sums are for `pleiade bench read`.
#pragma once

#include <array>
#include <string_view>
#include <vector>

namespace pleiade::reader {

enum class Step {
    Decode,       // the file's bytes, in the sandbox, codes included
    Sketch,       // blank? quality?
    Orientation,  // which way up, how tilted
    TurnedLines,  // a few lines read each way up, when orientation is not sure
    Forms,        // is it a registered form?
    Upright,      // the page as it is read
    FormWriting,  // what was added to a registered form
    Combs,        // characters in combs
    AnchorLines,  // the lines at the head and foot and those in large letters
    FullText,     // everything else that is printed or written
    LooseTicks,   // boxes to tick of a form that is not registered
    Judge,        // type, cut, fields of the pli, from what was read
};

inline constexpr std::size_t kStepCount = 12;

struct StepFacts {
    Step step;
    std::string_view name;
    double usual_ms;  // CPU of an A4 page at 300 dpi, one core of 2.5 GHz; measured
    std::string_view settles;
};

inline constexpr std::array<StepFacts, kStepCount> kSteps = {
    {{Step::Decode, "decode and codes", 27, "separators; numbers in codes"},
     {Step::Sketch, "sketch", 8, "blank pages; quality"},
     {Step::Orientation, "orientation", 4, "rotation and tilt of most pages"},
     {Step::TurnedLines, "turned lines", 19, "rotation of the others"},
     {Step::Forms, "registered forms", 10, "type, version, page and volet of registered forms; where their zones lie"},
     {Step::Upright, "upright page", 4, "nothing by itself"},
     {Step::FormWriting, "form writing", 20, "what was written on a registered form"},
     {Step::Combs, "combs", 6, "numbers in combs"},
     {Step::AnchorLines, "anchor lines", 25, "type of attachments"},
     {Step::FullText, "full text", 50, "everything else"},
     {Step::LooseTicks, "loose boxes to tick", 1, "answers of forms that are not registered"},
     {Step::Judge, "judgement", 5, "type, documents, fields"}}};

struct StepTaken {
    Step step = Step::Sketch;
    double cpu_ms = 0;
};

// What a reader has spent since it was opened, step by step.
struct StepTotal {
    int times = 0;
    double cpu_ms = 0;
};
using StepTotals = std::array<StepTotal, kStepCount>;  // by Step

// CPU of the calling thread, in milliseconds.
double thread_cpu_ms();

// Notes a step when it goes out of scope.
class StepClock {
  public:
    StepClock(Step step, std::vector<StepTaken>& into) : step_(step), into_(into), begun_(thread_cpu_ms()) {}
    ~StepClock() { into_.push_back({step_, thread_cpu_ms() - begun_}); }
    StepClock(const StepClock&) = delete;
    StepClock& operator=(const StepClock&) = delete;

  private:
    Step step_;
    std::vector<StepTaken>& into_;
    double begun_;
};

}  // namespace pleiade::reader
