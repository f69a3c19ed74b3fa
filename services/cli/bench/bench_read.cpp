#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "common/ledger/beneficiary_register.h"
#include "common/runtime/service.h"
#include "common/vision/decode.h"
#include "common/vision/encode.h"
#include "services/cli/bench/bench.h"
#include "services/ingest/source.h"
#include "services/reader/reader.h"
#include "services/router/router.h"

namespace pleiade::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kPeerPages = 12;  // full-page OCR takes about a second a page

double cpu_ms(int who) {
    rusage usage{};
    ::getrusage(who, &usage);
    const auto ms = [](const timeval& time) {
        return 1e3 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e3;
    };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

double peak_mib(int who) {
    rusage usage{};
    ::getrusage(who, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

bool run(const std::vector<std::string>& command) {
    std::vector<std::string> words = command;
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t pid = 0;
    const int spawned = posix_spawnp(&pid, argv[0], &quiet, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&quiet);
    int state = 0;
    return spawned == 0 && ::waitpid(pid, &state, 0) == pid && WIFEXITED(state) && WEXITSTATUS(state) == 0;
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

// Full-page OCR by the program tesseract, on the same scans. CPU-ms per page; 0 when it is not installed.
double peer_ms_per_page(const Mail& mail, const fs::path& folder) {
    std::vector<std::string> images;
    for (const auto& pli : mail.plis) {
        for (const auto& path : pli.paths) {
            if (static_cast<int>(images.size()) >= kPeerPages) break;
            const auto file = vision::decode_file(path, {.limits = {}, .codes = false});
            if (!file || file->pages.empty()) continue;
            const auto image = vision::encode_full(file->pages.front());
            images.push_back(
                (folder / fmt::format("peer-{}.{}", images.size(), image.mime_type == "image/png" ? "png" : "jpg"))
                    .string());
            std::ofstream(images.back(), std::ios::binary)
                .write(reinterpret_cast<const char*>(image.bytes.data()),
                       static_cast<std::streamsize>(image.bytes.size()));
        }
    }
    ::setenv("OMP_THREAD_LIMIT", "1", 1);
    const double before = cpu_ms(RUSAGE_CHILDREN);
    for (const auto& image : images) {
        if (!run({"tesseract", image, "stdout", "-l", "fra"})) return 0;
    }
    return images.empty() ? 0 : (cpu_ms(RUSAGE_CHILDREN) - before) / static_cast<double>(images.size());
}

int fail_with(const Error& error) {
    fmt::print(stderr, "{}\n", error.message);
    return runtime::exit_code_of(error);
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
        if (!run({runtime::program_folder() + "/pleiade-mail", "--out", drawn, "--plis", std::to_string(options.plis),
                  "--seed", "7", "--half", "test", "--defects", "on"})) {
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
        const double before = cpu_ms(RUSAGE_SELF) + cpu_ms(RUSAGE_CHILDREN);
        for (const auto& pli : mail->plis) {
            const auto reading = (*reader)->read({pli.context, pli.paths, pli.pages}, [] { return true; });
            if (reading) (*router)->route(pli.context, *reading);
        }
        const double spent = cpu_ms(RUSAGE_SELF) + cpu_ms(RUSAGE_CHILDREN) - before;
        per_pli.push_back(spent / static_cast<double>(mail->plis.size()));
    }
    const double ours = median(per_pli);
    const double pages_per_pli = static_cast<double>(mail->pages) / static_cast<double>(mail->plis.size());
    const double peak = peak_mib(RUSAGE_SELF);
    const double peer = peer_ms_per_page(*mail, folder);
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
    if (options.json) {
        fmt::print("{}\n", boost::json::serialize(boost::json::object{{"bench", "read"},
                                                                      {"machine", machine()},
                                                                      {"runs", options.runs},
                                                                      {"plis", mail->plis.size()},
                                                                      {"pages", mail->pages},
                                                                      {"cpu_ms_per_pli", ours},
                                                                      {"cpu_ms_per_page", ours / pages_per_pli},
                                                                      {"peak_mib", peak},
                                                                      {"peer_cpu_ms_per_page", peer},
                                                                      {"steps", steps_json}}));
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
    if (peer > 0) {
        fmt::print(
            "  tesseract, full-page OCR     {:>8.0f} CPU-ms a pli {:>8.0f} CPU-ms a page   (same run, {} pages)\n",
            peer * pages_per_pli, peer, kPeerPages);
    } else {
        fmt::print("  the peer was not measured: install tesseract-ocr\n");
    }
    return runtime::kExitDone;
}

}  // namespace pleiade::cli
