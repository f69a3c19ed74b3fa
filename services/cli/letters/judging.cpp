#include "services/cli/letters/judging.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace pleiade::cli {
namespace {

constexpr int kFolds = 5;

double percent(int part, int all) {
    return 100.0 * part / std::max(1, all);
}

}  // namespace

TypeScore Score::total() const {
    TypeScore all;
    for (const auto& [type, score] : types) {
        all.right += score.right;
        all.wrong += score.wrong;
        all.none += score.none;
    }
    return all;
}

std::string Score::to_text() const {
    const auto all = total();
    std::string text = fmt::format(
        "{} letters: {:.1f} % right, {:.1f} % taken for another type, {:.1f} % no opinion\n  {:<13} right wrong none\n",
        all.letters(), percent(all.right, all.letters()), percent(all.wrong, all.letters()),
        percent(all.none, all.letters()), "");
    for (const auto& [type, score] : types) {
        text += fmt::format("  {:<13} {:>5} {:>5} {:>4}", type, score.right, score.wrong, score.none);
        for (const auto& [other, times] : score.taken_for) text += fmt::format("  {} × {}", times, other);
        text += '\n';
    }
    return text;
}

void judge_letters(const reader::letters::LetterModel& model, const std::vector<Lesson>& lessons, Score& score) {
    for (const auto& lesson : lessons) {
        const auto opinion = model.opinion_of(lesson.text);
        auto& type = score.types[lesson.type];
        score.leads.push_back({1 / (1 + std::exp(-opinion.margin)), opinion.type == lesson.type});
        if (opinion.margin <= 0) {
            ++type.none;
        } else if (opinion.type == lesson.type) {
            ++type.right;
        } else {
            ++type.wrong;
            ++type.taken_for[opinion.type];
        }
    }
}

std::vector<int> parts_by_wording(const std::vector<Lesson>& lessons, int folds) {
    std::map<std::string, std::set<std::string>> wordings;  // by type
    for (const auto& lesson : lessons) {
        if (!lesson.wording.empty()) wordings[lesson.type].insert(lesson.wording);
    }
    std::map<std::string, int> part_of;
    int first = 0;  // so that types with few wordings do not all keep theirs in the first parts
    for (const auto& [type, of_type] : wordings) {
        int next = first++;
        for (const auto& wording : of_type) part_of[wording] = next++ % folds;
    }
    std::vector<int> parts;
    for (const auto& lesson : lessons)
        parts.push_back(lesson.wording.empty() ? lesson.lot % folds : part_of[lesson.wording]);
    return parts;
}

Result<Score> score_of_new_wordings(const std::vector<Lesson>& lessons, const std::vector<Lesson>& phrases,
                                    const Learning& learning, const Nomenclature& nomenclature) {
    const auto parts = parts_by_wording(lessons, kFolds);
    Score score;
    for (int part = 0; part < kFolds; ++part) {
        std::vector<Lesson> learnt = phrases, judged;
        for (std::size_t i = 0; i < lessons.size(); ++i) (parts[i] == part ? judged : learnt).push_back(lessons[i]);
        const auto model = reader::letters::LetterModel::parse(learn(learnt, learning), "letters.csv", nomenclature);
        if (!model) return pass_on(model);
        judge_letters(*model, judged, score);
    }
    return score;
}

}  // namespace pleiade::cli
