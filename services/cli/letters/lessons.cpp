#include "services/cli/letters/lessons.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "common/base/csv.h"
#include "services/cli/contract_lines.h"
#include "services/ingest/source.h"
#include "services/reader/fold.h"
#include "services/reader/letters/letter_evidence.h"
#include "services/reader/page_text.h"
#include "services/reader/reader_parts.h"

namespace pleiade::cli {
namespace {

namespace fs = std::filesystem;

constexpr double kClearWeight = 2;  // of a row of typage.csv: usual in that type, or only there

struct FirstPage {
    std::string type, wording;
};

// The first page of each document -> what it is, and the other pages -> nothing.
std::map<int, FirstPage> first_pages(const boost::json::object& pli) {
    std::map<int, FirstPage> found;
    for (const auto& each : list_of(pli, "documents")) {
        const auto& document = each.as_object();
        const auto& pages = list_of(document, "pages");
        if (pages.empty() || !pages.front().is_int64()) continue;
        auto& first = found[static_cast<int>(pages.front().as_int64())];
        first.type = text_of(document, "type");
        const auto wording = text_of(document, "wording");
        if (!wording.empty()) first.wording = text_of(document, "template") + "/" + wording;
    }
    return found;
}

}  // namespace

Result<std::vector<Lesson>> lessons_of_mail(const runtime::Settings& settings, const Nomenclature& nomenclature,
                                            const std::string& folder) {
    std::ifstream file(fs::path(folder) / "truth.jsonl", std::ios::binary);
    if (!file) {
        return not_found("FILE_NOT_FOUND", folder + "/truth.jsonl is not there; is it a folder of pleiade-mail?");
    }
    const auto truth = contract_lines(std::string(std::istreambuf_iterator<char>(file), {}), "truth");
    if (!truth) return pass_on(truth);
    const auto tables = reader::load_tables(settings.config_folder, nomenclature);
    if (!tables) return pass_on(tables);

    std::vector<Lesson> lessons;
    int lot = 0;
    const auto learn = [&](const PliContext& context, const std::vector<reader::PageRead>& pages) {
        const auto known = truth->find({context.lot, context.pli});
        if (known == truth->end()) return;
        const auto firsts = first_pages(known->second);
        for (const auto& page : pages) {
            const auto first = firsts.find(page.reading.page);
            if (first == firsts.end() || page.form || nomenclature.find(first->second.type) == nullptr) continue;
            const auto evidence =
                reader::gather_evidence(page.text, page.reading.codes, tables->evidence, tables->settings);
            if (!reader::letters::speaks_for_itself(evidence)) continue;
            lessons.push_back(
                {reader::PageText(page.text).folded(), first->second.type, lot, false, first->second.wording});
        }
    };
    const auto reader = reader::Reader::open({.config_folder = settings.config_folder,
                                              .tessdata_folder = settings.reader.tessdata_folder,
                                              .forms_folder = settings.forms_folder(),
                                              .digit_model = "",
                                              .seen = learn},
                                             nomenclature);
    if (!reader) return pass_on(reader);
    const auto sources = ingest::find_sources(folder);
    if (!sources) return pass_on(sources);
    ingest::SourceOptions options;
    options.decoder = settings.decoder;
    for (const auto& source : *sources) {
        ++lot;
        for (const auto& pli : ingest::open_source(source, options).plis) {
            if (pli.rejection) continue;
            const auto read = (*reader)->read({pli.context, pli.paths, pli.pages}, [] { return true; });
            if (!read) fmt::print(stderr, "{}/{}: {}\n", pli.context.lot, pli.context.pli, read.error().message);
        }
        fmt::print(stderr, "\r{}: {} of {} lots, {} letters", folder, lot, sources->size(), lessons.size());
    }
    fmt::print(stderr, "\n");
    return lessons;
}

std::vector<Lesson> lessons_of_table(const reader::EvidenceTable& table, const std::vector<Lesson>& of_mail) {
    std::set<std::string> letters;
    for (const auto& lesson : of_mail) letters.insert(lesson.type);
    std::vector<Lesson> lessons;
    for (const auto& row : table.rows()) {
        const bool said = row.kind == reader::EvidenceKind::Object || row.kind == reader::EvidenceKind::Text ||
                          row.kind == reader::EvidenceKind::Title || row.kind == reader::EvidenceKind::Addressee;
        if (!said || row.weight < kClearWeight || !letters.contains(row.type)) continue;
        for (const auto& alternative : row.alternatives) {
            lessons.push_back({reader::plain_words(alternative.written), row.type, -1, false, ""});
        }
    }
    return lessons;
}

std::string with_errors(const std::string& folded, double rate, std::mt19937& random) {
    std::uniform_real_distribution<double> chance(0, 1);
    std::uniform_int_distribution<int> letter('a', 'z');
    std::string text;
    for (const char c : folded) {
        const double fate = chance(random) / rate;
        if (c == ' ' || fate >= 1) {
            text += c;
        } else if (fate < 0.6) {
            text += static_cast<char>(letter(random));
        } else if (fate < 0.8) {
            text += ' ';
        }  // else it is lost
    }
    return reader::plain_words(text);
}

}  // namespace pleiade::cli
