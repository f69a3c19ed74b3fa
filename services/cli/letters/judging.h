// How well letters are known by their wording: what the model says of letters that it did not learn from.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/domain/nomenclature.h"
#include "services/cli/calibrate/judged.h"
#include "services/cli/letters/learning.h"
#include "services/cli/letters/lessons.h"
#include "services/reader/letters/letter_model.h"

namespace pleiade::cli {

struct TypeScore {
    int right = 0, wrong = 0, none = 0;    // none: the model leads to no type by itself
    std::map<std::string, int> taken_for;  // the wrong ones
    int letters() const { return right + wrong + none; }
};

struct Score {
    std::map<std::string, TypeScore> types;
    std::vector<Sample> leads;  // of every letter: what the margin states, and whether the type was right
    TypeScore total() const;
    std::string to_text() const;  // a line in all, then one a type
};

// Adds what the model says of those letters.
void judge_letters(const reader::letters::LetterModel& model, const std::vector<Lesson>& lessons, Score& score);

// Deals the lessons to `folds` parts. All copies of one wording fall in the same part, and the wordings of a type in
// parts that follow each other; a letter that is nobody's copy falls where its lot does.
std::vector<int> parts_by_wording(const std::vector<Lesson>& lessons, int folds);

// Learns as often as there are parts, each time without one, and judges the letters of that one: what a new wording
// will get, which letters of a wording that was learnt cannot tell. `phrases` are always learnt from.
Result<Score> score_of_new_wordings(const std::vector<Lesson>& lessons, const std::vector<Lesson>& phrases,
                                    const Learning& learning, const Nomenclature& nomenclature);

}  // namespace pleiade::cli
