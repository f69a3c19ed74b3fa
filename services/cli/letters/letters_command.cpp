#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "common/hub_vault/open.h"
#include "common/runtime/service.h"
#include "services/cli/answers.h"
#include "services/cli/calibrate/reliability.h"
#include "services/cli/commands.h"
#include "services/cli/letters/corrections.h"
#include "services/cli/letters/judging.h"
#include "services/cli/letters/learning.h"
#include "services/cli/letters/lessons.h"
#include "services/cli/replace_file.h"
#include "services/reader/letters/letter_model.h"
#include "services/reader/reader_parts.h"

namespace pleiade::cli {
namespace {

constexpr double kCosts[] = {1, 4, 16};

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

    fmt::print("{} letters, {} phrases of typage.csv\n", lessons->size(), phrases.size());
    Learning best;
    best.seed = options.seed;
    std::optional<Score> best_score;
    for (const double cost : kCosts) {
        Learning learning = best;
        learning.cost = cost;
        auto score = score_of_new_wordings(*lessons, phrases, learning, *nomenclature);
        if (!score) return fail_with(score.error());
        const auto total = score->total();
        fmt::print("cost {:>4}: of {} letters of wordings kept out {} right, {} wrong\n", cost, total.letters(),
                   total.right, total.wrong);
        if (!best_score || total.right > best_score->total().right) {
            best_score = std::move(*score);
            best.cost = cost;
        }
    }
    best.lead = fit(best_score->leads, false);
    const auto stated = score_of_new_wordings(*lessons, phrases, best, *nomenclature);
    if (!stated) return fail_with(stated.error());
    fmt::print("what new wordings get, at cost {}:\n{}", best.cost, stated->to_text());
    auto all = *lessons;
    all.insert(all.end(), phrases.begin(), phrases.end());
    const auto csv = learn(all, best);
    if (const auto done = replace_file(options.model, csv); !done) return fail_with(done.error());
    fmt::print("{}: {} rows\n", options.model, std::count(csv.begin(), csv.end(), '\n') - 2);
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
    Score score;
    judge_letters(*model, *lessons, score);
    fmt::print("{}", score.to_text());
    return runtime::kExitDone;
}

}  // namespace pleiade::cli
