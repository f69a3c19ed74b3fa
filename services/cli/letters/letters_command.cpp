#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "common/hub_vault/open.h"
#include "common/runtime/service.h"
#include "services/cli/answers.h"
#include "services/cli/commands.h"
#include "services/cli/letters/corrections.h"
#include "services/cli/letters/learning.h"
#include "services/cli/letters/lessons.h"
#include "services/cli/replace_file.h"
#include "services/reader/letters/letter_model.h"
#include "services/reader/reader_parts.h"

namespace pleiade::cli {
namespace {

constexpr int kJudgedEvery = 5;  // of the lots: one in five is kept out to judge by
constexpr double kCosts[] = {1, 4, 16, 64};

struct Score {
    int letters = 0, right = 0, named = 0;               // named: the model leads by itself
    std::map<std::string, std::pair<int, int>> by_type;  // letters, right
    std::map<std::pair<std::string, std::string>, int> taken_for;
    double share() const { return letters == 0 ? 0 : 1.0 * right / letters; }
};

Score score_of(const reader::letters::LetterModel& model, const std::vector<Lesson>& lessons) {
    Score score;
    for (const auto& lesson : lessons) {
        const auto opinion = model.opinion_of(lesson.text);
        const bool named = opinion.margin > 0;
        const bool right = named && opinion.type == lesson.type;
        ++score.letters;
        score.named += named ? 1 : 0;
        score.right += right ? 1 : 0;
        auto& [letters, good] = score.by_type[lesson.type];
        ++letters;
        good += right ? 1 : 0;
        if (named && !right) ++score.taken_for[{lesson.type, opinion.type}];
    }
    return score;
}

void print(const Score& score) {
    fmt::print("{} letters; the model alone names {} ({:.1f} %), {} rightly ({:.1f} % of all)\n", score.letters,
               score.named, 100.0 * score.named / std::max(1, score.letters), score.right, 100 * score.share());
    int column = 0;
    for (const auto& [type, counts] : score.by_type) {
        fmt::print("  {:<13}{:>3}/{:<3}{}", type, counts.second, counts.first, ++column % 5 == 0 ? "\n" : "");
    }
    fmt::print("\n");
    for (const auto& [pair, times] : score.taken_for)
        fmt::print("  {:>3} × {} taken for {}\n", times, pair.first, pair.second);
}

Result<Nomenclature> nomenclature_of(const runtime::Settings& settings) {
    const auto text = runtime::read_file(settings.config_folder + "/nomenclature.csv");
    if (!text) return pass_on(text);
    return Nomenclature::parse(*text, "nomenclature.csv");
}

Result<std::vector<Lesson>> all_lessons(const runtime::Settings& settings, const Nomenclature& nomenclature,
                                        const std::vector<std::string>& folders) {
    std::vector<Lesson> all;
    int lots = 0;
    for (const auto& folder : folders) {
        auto lessons = lessons_of_mail(settings, nomenclature, folder);
        if (!lessons) return pass_on(lessons);
        int last = lots;
        for (auto& lesson : *lessons) {
            lesson.lot += lots;
            last = std::max(last, lesson.lot);
            all.push_back(std::move(lesson));
        }
        lots = last;
    }
    if (all.empty()) return not_found("NOTHING_TO_LEARN", "no letter was found in that mail");
    return all;
}

// Adds the letters that keyers typed to those of the invented mail, as lots of their own.
Result<void> add_keyed(const runtime::Settings& settings, const Nomenclature& nomenclature,
                       const reader::TypageTables& tables, std::vector<Lesson>& lessons) {
    const auto plis = keyed_plis(queries_of_hub(settings.desk_endpoint()));
    if (!plis) return pass_on(plis);
    const auto open = [&](reader::PagesSeen seen) {
        return reader::Reader::open({.config_folder = settings.config_folder,
                                     .tessdata_folder = settings.reader.tessdata_folder,
                                     .forms_folder = settings.forms_folder(),
                                     .digit_model = "",
                                     .seen = std::move(seen)},
                                    nomenclature);
    };
    const auto vault = hub_vault::open_vault({settings.vault.url, settings.home, settings.vault.cache_bytes_max},
                                             settings.desk_endpoint());
    if (!vault) return pass_on(vault);
    auto keyed = lessons_of_keying(*plis, **vault, open, tables, nomenclature);
    if (!keyed) return pass_on(keyed);
    int last = 0;
    for (const auto& lesson : lessons) last = std::max(last, lesson.lot);
    fmt::print("{} plis keyed, {} letters among them, {} plis could not be read again\n", plis->size(),
               keyed->lessons.size(), keyed->plis_left_out);
    for (auto& lesson : keyed->lessons) {
        lesson.lot += last;
        lessons.push_back(std::move(lesson));
    }
    return {};
}

}  // namespace

int letters_train(const runtime::Settings& settings, const LettersOptions& options) {
    const auto nomenclature = nomenclature_of(settings);
    if (!nomenclature) return fail_with(nomenclature.error());
    auto lessons = all_lessons(settings, *nomenclature, options.mail);
    if (!lessons) return fail_with(lessons.error());
    const auto tables = reader::load_tables(settings.config_folder, *nomenclature);
    if (!tables) return fail_with(tables.error());
    if (options.keyed) {
        if (const auto added = add_keyed(settings, *nomenclature, *tables, *lessons); !added)
            return fail_with(added.error());
    }
    const auto phrases = lessons_of_table(tables->evidence, *lessons);

    std::vector<Lesson> learnt = phrases, judged;
    for (const auto& lesson : *lessons) (lesson.lot % kJudgedEvery == 0 ? judged : learnt).push_back(lesson);
    fmt::print("{} letters, {} phrases of typage.csv\n", lessons->size(), phrases.size());
    Learning best;
    best.seed = options.seed;
    double best_share = -1;
    for (const double cost : kCosts) {
        Learning learning = best;
        learning.cost = cost;
        const auto model = reader::letters::LetterModel::parse(learn(learnt, learning), "letters.csv", *nomenclature);
        if (!model) return fail_with(model.error());
        const auto score = score_of(*model, judged);
        fmt::print("cost {:>4}: of {} letters kept out {:.1f} % right\n", cost, score.letters, 100 * score.share());
        if (score.share() > best_share) {
            best_share = score.share();
            best = learning;
        }
    }
    auto all = *lessons;
    all.insert(all.end(), phrases.begin(), phrases.end());
    const auto csv = learn(all, best);
    const auto model = reader::letters::LetterModel::parse(csv, "letters.csv", *nomenclature);
    if (!model) return fail_with(model.error());
    if (const auto done = replace_file(options.model, csv); !done) return fail_with(done.error());
    fmt::print("{}: {} rows, cost {}; on what it learnt from:\n", options.model,
               std::count(csv.begin(), csv.end(), '\n') - 2, best.cost);
    print(score_of(*model, *lessons));
    return runtime::kExitDone;
}

int letters_corrections(const runtime::Settings& settings) {
    const auto plis = keyed_plis(queries_of_hub(settings.desk_endpoint()));
    if (!plis) return fail_with(plis.error());
    std::map<std::pair<std::string, std::string>, int> corrected;
    int letters = 0, agreed = 0;
    for (const auto& pli : *plis) {
        for (const auto& letter : pli.letters) {
            ++letters;
            agreed += letter.proposed == letter.type ? 1 : 0;
            if (letter.proposed != letter.type) ++corrected[{letter.proposed, letter.type}];
        }
    }
    fmt::print("{} plis keyed: {} documents whose type a person settled, {} as it was proposed\n", plis->size(),
               letters, agreed);
    for (const auto& [pair, times] : corrected) {
        fmt::print("  {:>4} × {} keyed as {}\n", times, pair.first.empty() ? "(cut otherwise)" : pair.first,
                   pair.second);
    }
    return letters > 0 ? runtime::kExitDone : runtime::kExitNo;
}

int letters_check(const runtime::Settings& settings, const LettersOptions& options) {
    const auto nomenclature = nomenclature_of(settings);
    if (!nomenclature) return fail_with(nomenclature.error());
    const auto text = runtime::read_file(options.model);
    if (!text) return fail_with(text.error());
    const auto model = reader::letters::LetterModel::parse(*text, options.model, *nomenclature);
    if (!model) return fail_with(model.error());
    const auto lessons = all_lessons(settings, *nomenclature, options.mail);
    if (!lessons) return fail_with(lessons.error());
    print(score_of(*model, *lessons));
    return runtime::kExitDone;
}

}  // namespace pleiade::cli
