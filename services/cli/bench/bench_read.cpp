#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "common/ledger/beneficiary_register.h"
#include "common/runtime/service.h"
#include "services/cli/answers.h"
#include "services/cli/bench/bars.h"
#include "services/cli/bench/bench.h"
#include "services/cli/bench/peers.h"
#include "services/ingest/source.h"
#include "services/reader/reader.h"
#include "services/router/router.h"

namespace pleiade::cli {
namespace {

namespace fs = std::filesystem;

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

Result<Mail> open_mail(const runtime::Settings& settings, const std::vector<std::string>& paths) {
    ingest::SourceOptions options;
    options.decoder = settings.decoder;
    Mail mail;
    for (const auto& path : paths) {
        const auto sources = ingest::find_sources(path);
        if (!sources) return pass_on(sources);
        for (const auto& source : *sources) {
            for (auto& pli : ingest::open_source(source, options).plis) {
                if (pli.rejection) continue;
                mail.pages += static_cast<int>(pli.pages.size());
                mail.plis.push_back(std::move(pli));
            }
        }
    }
    if (mail.plis.empty()) return not_found("NOTHING_TO_READ", "no pli could be opened under the paths given");
    return mail;
}

}  // namespace

int bench_read(const runtime::Settings& settings, const BenchOptions& options) {
    std::string pattern = (fs::temp_directory_path() / "pleiade-bench-XXXXXX").string();
    const fs::path folder = ::mkdtemp(pattern.data());
    struct Remove {
        fs::path folder;
        ~Remove() {
            std::error_code ignored;
            fs::remove_all(folder, ignored);
        }
    } const remove{folder};

    auto paths = options.paths;
    if (paths.empty()) {
        const auto drawn = (folder / "mail").string();
        if (!run_quietly({runtime::program_folder() + "/pleiade-mail", "--out", drawn, "--plis",
                          std::to_string(options.plis), "--seed", "7", "--half", "test", "--defects", "on"})) {
            return fail_with({ErrorKind::Unavailable, "NO_SAMPLE_MAIL",
                              "pleiade-mail is not beside this program; name lots instead"});
        }
        paths.push_back(drawn);
    }
    const auto mail = open_mail(settings, paths);
    if (!mail) return fail_with(mail.error());
    const std::shared_ptr<const Beneficiaries> beneficiaries = ledger::open_beneficiaries(settings.folder("ledger"));
    const auto router = router::Router::open(settings.config_folder, beneficiaries);
    if (!router) return fail_with(router.error());
    const auto reader = reader::Reader::open({.config_folder = settings.config_folder,
                                              .tessdata_folder = settings.reader.tessdata_folder,
                                              .forms_folder = settings.forms_folder(),
                                              .beneficiaries = beneficiaries,
                                              .digit_model = ""},
                                             (*router)->nomenclature());
    if (!reader) return fail_with(reader.error());

    std::vector<double> per_pli;
    const auto opened = (*reader)->spent();
    for (int i = 0; i < options.runs; ++i) {
        const double before = rusage_ms(RUSAGE_SELF) + rusage_ms(RUSAGE_CHILDREN);
        for (const auto& pli : mail->plis) {
            const auto reading = (*reader)->read({pli.context, pli.paths, pli.pages}, [] { return true; });
            if (reading) (*router)->route(pli.context, *reading);
        }
        const double spent = rusage_ms(RUSAGE_SELF) + rusage_ms(RUSAGE_CHILDREN) - before;
        per_pli.push_back(spent / static_cast<double>(mail->plis.size()));
    }
    const double ours = median(per_pli);
    const double pages_per_pli = static_cast<double>(mail->pages) / static_cast<double>(mail->plis.size());
    const double peak = peak_mib(RUSAGE_SELF);
    const auto peers = measure_peers(mail->plis, kPeerPages, folder);
    auto steps = (*reader)->spent();
    boost::json::array steps_json;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        steps[i].times -= opened[i].times;
        steps[i].cpu_ms -= opened[i].cpu_ms;
        const double runs = options.runs, pages = static_cast<double>(mail->pages) * runs;
        steps_json.push_back({{"step", reader::kSteps[i].name},
                              {"times", steps[i].times / options.runs},
                              {"cpu_ms", steps[i].cpu_ms / runs},
                              {"cpu_ms_per_page", steps[i].cpu_ms / pages}});
    }
    boost::json::array peers_json;
    for (const auto& peer : peers) {
        peers_json.push_back({{"name", peer.name}, {"pages", peer.pages}, {"cpu_ms_per_page", peer.cpu_ms_page}});
    }
    const auto json = boost::json::serialize(boost::json::object{{"bench", "read"},
                                                                 {"machine", machine()},
                                                                 {"runs", options.runs},
                                                                 {"plis", mail->plis.size()},
                                                                 {"pages", mail->pages},
                                                                 {"cpu_ms_per_pli", ours},
                                                                 {"cpu_ms_per_page", ours / pages_per_pli},
                                                                 {"peak_mib", peak},
                                                                 {"peers", peers_json},
                                                                 {"steps", steps_json}});
    if (!options.out.empty()) {
        std::vector<Bar> bars;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            if (steps[i].times > 0)
                bars.push_back({std::string(reader::kSteps[i].name), steps[i].cpu_ms / options.runs / mail->pages});
        }
        fs::create_directories(options.out);
        std::ofstream(fs::path(options.out) / "bench-read.json", std::ios::binary) << json << '\n';
        std::ofstream(fs::path(options.out) / "bench-read.svg", std::ios::binary) << draw_bars(
            "Where the time of a page goes",
            fmt::format("{}; {} plis, {} pages", machine(), mail->plis.size(), mail->pages), "CPU-ms", std::move(bars));
    }
    if (options.json) {
        fmt::print("{}\n", json);
        return runtime::kExitDone;
    }
    fmt::print("{}\n{} plis, {} pages, median of {} runs\n", machine(), mail->plis.size(), mail->pages, options.runs);
    fmt::print("  Pléiade, read and routed     {:>8.0f} CPU-ms a pli {:>8.0f} CPU-ms a page   peak {:.0f} MiB\n", ours,
               ours / pages_per_pli, peak);
    fmt::print("  {:<20} {:>7} {:>14} {:>16}   what it settles\n", "step", "times", "CPU-ms a time", "CPU-ms a page");
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto& step = steps[i];
        if (step.times == 0) continue;
        fmt::print("  {:<20} {:>7} {:>14.1f} {:>16.1f}   {}\n", reader::kSteps[i].name, step.times / options.runs,
                   step.cpu_ms / step.times, step.cpu_ms / options.runs / mail->pages, reader::kSteps[i].settles);
    }
    for (const auto& peer : peers) {
        if (peer.cpu_ms_page <= 0) {
            fmt::print("  {:<28} not measured: it is not installed, or failed\n", peer.name);
            continue;
        }
        fmt::print("  {:<28} {:>8.0f} CPU-ms a pli {:>8.0f} CPU-ms a page   {:.1f} times ours, {} pages, same run\n",
                   peer.name, peer.cpu_ms_page * pages_per_pli, peer.cpu_ms_page,
                   peer.cpu_ms_page / (ours / pages_per_pli), peer.pages);
    }
    return runtime::kExitDone;
}

}  // namespace pleiade::cli
