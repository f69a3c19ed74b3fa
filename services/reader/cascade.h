// The steps of reading a page, from cheap to dear: what each usually costs and what it can settle. The page reader
// notes each step that it took; sums are for `pleiade bench read`.
#pragma once

#include <array>
#include <string_view>
#include <vector>

namespace pleiade::reader {

enum class Step {
    Sketch,       // blank? quality?
    Orientation,  // which way up, how tilted
    TurnedBands,  // a band of text read both ways, when orientation is not sure
    Forms,        // is it a registered form?
    Upright,      // the page as it is read
    FormWriting,  // what was added to a registered form
    Combs,        // characters in combs
    FullText,     // everything that is printed or written
};

struct StepFacts {
    Step step;
    std::string_view name;
    double usual_ms;  // CPU of an A4 page at 300 dpi, one core of 2.5 GHz; measured
    std::string_view settles;
};

inline constexpr std::array<StepFacts, 8> kSteps = {
    {{Step::Sketch, "sketch", 18, "blank pages; quality"},
     {Step::Orientation, "orientation", 9, "rotation and tilt of most pages"},
     {Step::TurnedBands, "turned bands", 250, "rotation of the others"},
     {Step::Forms, "registered forms", 15, "type, version, page and volet of registered forms; where their zones lie"},
     {Step::Upright, "upright page", 10, "nothing by itself"},
     {Step::FormWriting, "form writing", 90, "what was written on a registered form"},
     {Step::Combs, "combs", 60, "numbers in combs"},
     {Step::FullText, "full text", 700, "everything else"}}};

struct StepTaken {
    Step step = Step::Sketch;
    double cpu_ms = 0;
};

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
