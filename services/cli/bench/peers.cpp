#include "services/cli/bench/peers.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "common/vision/decode.h"
#include "common/vision/encode.h"

namespace pleiade::cli {
namespace {

namespace fs = std::filesystem;

struct Scan {
    std::string path;
    int dpi = 0;
};

std::vector<Scan> first_pages(const std::vector<ingest::SourcePli>& plis, int most, const fs::path& folder) {
    std::vector<Scan> scans;
    for (const auto& pli : plis) {
        for (const auto& path : pli.paths) {
            if (static_cast<int>(scans.size()) >= most) return scans;
            const auto file = vision::decode_file(path, {.limits = {}, .codes = false});
            if (!file || file->pages.empty()) continue;
            const auto& page = file->pages.front();
            const auto image = vision::encode_full(page);
            const auto* end = image.mime_type == "image/png" ? "png" : "jpg";
            scans.push_back({(folder / fmt::format("peer-{}.{}", scans.size(), end)).string(),
                             page.dpi_x > 0 ? static_cast<int>(page.dpi_x + 0.5) : 200});
            std::ofstream(scans.back().path, std::ios::binary)
                .write(reinterpret_cast<const char*>(image.bytes.data()),
                       static_cast<std::streamsize>(image.bytes.size()));
        }
    }
    return scans;
}

template <class Command>
PeerFigure measure(std::string name, const std::vector<Scan>& scans, const Command& command) {
    PeerFigure figure{std::move(name), 0, static_cast<int>(scans.size())};
    const double before = rusage_ms(RUSAGE_CHILDREN);
    for (const auto& scan : scans) {
        if (!run_quietly(command(scan))) return figure;
    }
    if (!scans.empty()) figure.cpu_ms_page = (rusage_ms(RUSAGE_CHILDREN) - before) / static_cast<double>(scans.size());
    return figure;
}

}  // namespace

double rusage_ms(int who) {
    rusage usage{};
    ::getrusage(who, &usage);
    const auto ms = [](const timeval& time) {
        return 1e3 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e3;
    };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

bool run_quietly(const std::vector<std::string>& command) {
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

std::vector<PeerFigure> measure_peers(const std::vector<ingest::SourcePli>& plis, int pages, const fs::path& folder) {
    const auto scans = first_pages(plis, pages, folder);
    ::setenv("OMP_THREAD_LIMIT", "1", 1);
    const auto searchable = (folder / "peer.pdf").string();
    return {measure("OCRmyPDF", scans,
                    [&](const Scan& scan) {
                        return std::vector<std::string>{"ocrmypdf", "-l",          "fra",
                                                        "--jobs",   "1",           "--output-type",
                                                        "pdf",      "--image-dpi", std::to_string(scan.dpi),
                                                        scan.path,  searchable};
                    }),
            measure("tesseract", scans, [](const Scan& scan) {
                return std::vector<std::string>{"tesseract", scan.path, "stdout", "-l", "fra"};
            })};
}

}  // namespace pleiade::cli
