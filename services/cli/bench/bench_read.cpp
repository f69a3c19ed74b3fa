#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "common/ledger/beneficiary_register.h"
#include "common/runtime/service.h"
#include "common/wire/contract_json.h"
#include "services/cli/answers.h"
#include "services/cli/bench/accuracy.h"
#include "services/cli/bench/bars.h"
#include "services/cli/bench/bench.h"
#include "services/cli/bench/peers.h"
#include "services/cli/bench/sample_mail.h"
#include "services/cli/calibrate/judged.h"
#include "services/cli/calibrate/picture.h"
#include "services/cli/contract_lines.h"
#include "services/cli/replace_file.h"
#include "services/cli/source_options.h"
#include "services/ingest/source.h"
#include "services/reader/reader.h"
#include "services/router/router.h"

namespace pleiade::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr int kPeerPages = 12;  // full-page OCR takes about a second a page

double peak_mib(int who) {
    rusage usage{};
    ::getrusage(who, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

struct Mail {
    std::vector<ingest::SourcePli> plis;
    int pages = 0;
};

struct Measured {
    int plis = 0, pages = 0, runs = 0;
    double cpu_ms_pli = 0, peak_mib = 0;
    reader::StepTotals steps{};  // as reader::kSteps, over all runs
    std::vector<PeerFigure> peers;

    double cpu_ms_page() const { return cpu_ms_pli * plis / pages; }
};

std::string content_of(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

// What was read, beside its truth. Where there is no truth, nothing is judged.
struct Judging {
    std::string readings;  // lines of the contract
    std::string truths;
    Accuracy accuracy;

    bool has_truth() const { return !truths.empty(); }
    Result<void> judge() {
        if (!has_truth()) return {};
        const auto truth = contract_lines(truths, "truth");
        if (!truth) return pass_on(truth);
        const auto read = contract_lines(readings, "readings");
        if (!read) return pass_on(read);
        for (const auto& [key, line] : *truth) {
            const auto one = read->find(key);
            accuracy.add(line, one == read->end() ? nullptr : &one->second);
        }
        return {};
    }
};

void print_figures(const Judging& judging, bool stratified) {
    print_details(judging.accuracy);
    fmt::print("\n");
    for (const auto& [name, value, asked, holds] : figures_of(judging.accuracy, stratified)) {
        fmt::print("  {:<6}{:<40}{:>38}   asked {}\n", holds ? "" : "short", name, value, asked);
    }
    fmt::print("\n");
}

// How right the sorting is against how much of it goes straight through, and how often what is stated holds.
Result<void> draw_accuracy(const Judging& judging, const std::string& folder) {
    const auto judged = judge_readings(judging.readings, judging.truths);
    if (!judged) return pass_on(judged);
    std::vector<Sample> types;
    std::vector<Sample> fields;
    for (const auto& one : judged->types) types.push_back(one.read == kUnknownType ? Sample{0, false} : one.sample);
    for (const auto& [name, samples] : judged->fields) fields.insert(fields.end(), samples.begin(), samples.end());
    return replace_file(folder + "/accuracy.svg",
                        draw_certainty({{"types", types}, {"fields", fields}}, types,
                                       fmt::format("{} plis of invented mail", judged->plis)));
}

Result<Mail> open_mail(const runtime::Settings& settings, const std::vector<std::string>& paths) {
    const auto options = source_options(settings);
    if (!options) return pass_on(options);
    Mail mail;
    for (const auto& path : paths) {
        const auto sources = ingest::find_sources(path);
        if (!sources) return pass_on(sources);
        for (const auto& source : *sources) {
            for (auto& pli : ingest::open_source(source, *options).plis) {
                if (pli.rejection) continue;
                mail.pages += static_cast<int>(pli.pages.size());
                mail.plis.push_back(std::move(pli));
            }
        }
    }
    if (mail.plis.empty()) return not_found("NOTHING_TO_READ", "no pli could be opened under the paths given");
    return mail;
}

// In a fresh folder, which goes when this ends.
class Folder {
  public:
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "pleiade-bench-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

// Where the reader finds what it knows: the installation of the settings, or one made for invented mail.
struct Known {
    std::string ledger_folder;
    std::string forms_folder;
};

Result<Measured> measure(const runtime::Settings& settings, const Known& known, const Mail& mail, int runs,
                         const fs::path& folder, Judging& judging) {
    const std::shared_ptr<const Beneficiaries> beneficiaries = ledger::open_beneficiaries(known.ledger_folder);
    const auto router = router::Router::open(settings.config_folder, beneficiaries);
    if (!router) return pass_on(router);
    const auto reader = reader::Reader::open({.config_folder = settings.config_folder,
                                              .tessdata_folder = settings.reader.tessdata_folder,
                                              .forms_folder = known.forms_folder,
                                              .beneficiaries = beneficiaries,
                                              .digit_model = ""},
                                             (*router)->nomenclature());
    if (!reader) return pass_on(reader);

    Measured measured;
    measured.plis = static_cast<int>(mail.plis.size());
    measured.pages = mail.pages;
    measured.runs = runs;
    std::vector<double> per_pli;
    const auto opened = (*reader)->spent();
    for (int i = 0; i < runs; ++i) {
        const double before = rusage_ms(RUSAGE_SELF) + rusage_ms(RUSAGE_CHILDREN);
        for (const auto& pli : mail.plis) {
            const auto reading = (*reader)->read({pli.context, pli.paths, pli.pages}, [] { return true; });
            if (!reading) continue;
            const auto decisions = (*router)->route(pli.context, *reading);
            if (i == 0 && judging.has_truth()) {
                judging.readings += json::serialize(wire::contract_json(pli.context, *reading, decisions)) + "\n";
            }
        }
        const double spent = rusage_ms(RUSAGE_SELF) + rusage_ms(RUSAGE_CHILDREN) - before;
        per_pli.push_back(spent / measured.plis);
    }
    measured.cpu_ms_pli = median(per_pli);
    measured.peak_mib = peak_mib(RUSAGE_SELF);
    measured.steps = (*reader)->spent();
    for (std::size_t i = 0; i < measured.steps.size(); ++i) {
        measured.steps[i].times -= opened[i].times;
        measured.steps[i].cpu_ms -= opened[i].cpu_ms;
    }
    measured.peers = measure_peers(mail.plis, kPeerPages, folder);
    return measured;
}

json::object json_of(const Measured& measured) {
    json::array steps;
    for (std::size_t i = 0; i < measured.steps.size(); ++i) {
        const auto& step = measured.steps[i];
        steps.push_back({{"step", reader::kSteps[i].name},
                         {"times", step.times / measured.runs},
                         {"cpu_ms", step.cpu_ms / measured.runs},
                         {"cpu_ms_per_page", step.cpu_ms / measured.runs / measured.pages}});
    }
    json::array peers;
    for (const auto& peer : measured.peers) {
        peers.push_back({{"name", peer.name}, {"pages", peer.pages}, {"cpu_ms_per_page", peer.cpu_ms_page}});
    }
    return {{"bench", "read"},
            {"machine", machine()},
            {"runs", measured.runs},
            {"plis", measured.plis},
            {"pages", measured.pages},
            {"cpu_ms_per_pli", measured.cpu_ms_pli},
            {"cpu_ms_per_page", measured.cpu_ms_page()},
            {"peak_mib", measured.peak_mib},
            {"peers", std::move(peers)},
            {"steps", std::move(steps)}};
}

std::string picture_of(const Measured& measured) {
    std::vector<Bar> bars;
    for (std::size_t i = 0; i < measured.steps.size(); ++i) {
        const auto& step = measured.steps[i];
        if (step.times > 0) {
            bars.push_back({std::string(reader::kSteps[i].name), step.cpu_ms / measured.runs / measured.pages});
        }
    }
    return draw_bars("Where the time of a page goes",
                     fmt::format("{}; {} plis, {} pages", machine(), measured.plis, measured.pages), "CPU-ms",
                     std::move(bars));
}

void print_speed(const Measured& measured) {
    fmt::print("{}\n{} plis, {} pages, median of {} runs\n", machine(), measured.plis, measured.pages, measured.runs);
    fmt::print("  Pléiade, read and routed     {:>8.0f} CPU-ms a pli {:>8.0f} CPU-ms a page   peak {:.0f} MiB\n",
               measured.cpu_ms_pli, measured.cpu_ms_page(), measured.peak_mib);
    fmt::print("  asked                        {:>8} CPU-ms a pli {:>8} CPU-ms a page   peak {} MiB\n", 300, 70, 350);
    fmt::print("  {:<20} {:>7} {:>14} {:>16}   what it settles\n", "step", "times", "CPU-ms a time", "CPU-ms a page");
    for (std::size_t i = 0; i < measured.steps.size(); ++i) {
        const auto& step = measured.steps[i];
        if (step.times == 0) continue;
        fmt::print("  {:<20} {:>7} {:>14.1f} {:>16.1f}   {}\n", reader::kSteps[i].name, step.times / measured.runs,
                   step.cpu_ms / step.times, step.cpu_ms / measured.runs / measured.pages, reader::kSteps[i].settles);
    }
    for (const auto& peer : measured.peers) {
        if (peer.cpu_ms_page <= 0) {
            fmt::print("  {:<28} not measured: it is not installed, or failed\n", peer.name);
            continue;
        }
        fmt::print("  {:<28} {:>8.0f} CPU-ms a page   {:.1f} times ours, {} pages, same run\n", peer.name,
                   peer.cpu_ms_page, peer.cpu_ms_page / measured.cpu_ms_page(), peer.pages);
    }
}

}  // namespace

int bench_read(const runtime::Settings& settings, const BenchOptions& options) {
    const Folder folder;
    auto paths = options.paths;
    Known known{settings.folder("ledger"), settings.forms_folder()};
    Judging judging;
    if (paths.empty()) {
        const SampleMail sample{.bin = runtime::program_folder(),
                                .half = options.half,
                                .plis = options.plis,
                                .stratified = options.stratified,
                                .seed = options.seed};
        fmt::print(stderr, "inventing mail, and registering the forms that it is written on...\n");
        const auto home = (folder.path() / "home").string();
        auto ready = draw_mail(sample, folder.path());
        if (ready) ready = make_installation(sample, folder.path(), home);
        if (!ready) return fail_with(ready.error());
        known = {home + "/ledger", home + "/forms"};
        judging.truths = content_of(folder.path() / "mail" / "truth.jsonl");
        paths.push_back((folder.path() / "mail").string());
    }
    const auto mail = open_mail(settings, paths);
    if (!mail) return fail_with(mail.error());
    const auto measured = measure(settings, known, *mail, options.runs, folder.path(), judging);
    if (!measured) return fail_with(measured.error());
    if (const auto judged = judging.judge(); !judged) return fail_with(judged.error());

    auto all = json_of(*measured);
    if (judging.has_truth()) all["accuracy"] = json_of(judging.accuracy, options.stratified > 0);
    if (!options.out.empty()) {
        auto written = replace_file(options.out + "/bench-read.json", json::serialize(all) + "\n");
        if (written) written = replace_file(options.out + "/bench-read.svg", picture_of(*measured));
        if (written && judging.has_truth()) written = draw_accuracy(judging, options.out);
        if (!written) return fail_with(written.error());
    }
    if (options.json) {
        fmt::print("{}\n", json::serialize(all));
        return runtime::kExitDone;
    }
    if (judging.has_truth()) print_figures(judging, options.stratified > 0);
    print_speed(*measured);
    return runtime::kExitDone;
}

}  // namespace pleiade::cli
