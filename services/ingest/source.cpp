#include "services/ingest/source.h"

#include <date/tz.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "common/base/csv.h"
#include "common/vault/file_copy.h"
#include "services/ingest/source_parts.h"

namespace pleiade::ingest {
namespace {

namespace fs = std::filesystem;

constexpr int kDepthMax = 8;

bool is_lot_folder(const std::string& path) {
    struct stat found {};
    return ::lstat((path + "/" + kManifestName).c_str(), &found) == 0;
}

std::error_code collect(const std::string& path, int depth, std::vector<std::string>& sources) {
    std::error_code error;
    if (!fs::is_directory(fs::symlink_status(path, error)) || is_lot_folder(path)) {
        sources.push_back(path);
        return {};
    }
    std::vector<std::string> names;
    for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
        names.push_back(entry->path().filename().string());
    }
    if (error) return error;
    std::sort(names.begin(), names.end());
    for (const auto& name : names) {
        if (name.starts_with('.') || depth >= kDepthMax) continue;
        if (auto failed = collect(path + "/" + name, depth + 1, sources)) return failed;
    }
    return {};
}

}  // namespace

SourceLot open_source(const std::string& path, const SourceOptions& options) {
    const auto inspect = options.inspect ? options.inspect : sandbox_inspector(options.decoder);
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) {
        SourceLot lot;
        lot.path = path;
        lot.rejection = Error{ErrorKind::NotFound, "SOURCE_NOT_FOUND", "there is no such file or folder"};
        return lot;
    }
    if (S_ISDIR(found.st_mode)) return open_lot_folder(path, options, inspect);
    return open_loose_file(path, options, inspect);
}

Result<std::vector<std::string>> find_sources(const std::string& path) {
    std::string clean = path;
    while (clean.size() > 1 && clean.back() == '/') clean.pop_back();
    std::error_code error;
    if (!fs::exists(fs::symlink_status(clean, error))) {
        return not_found("SOURCE_NOT_FOUND", "there is no such file or folder: " + clean);
    }
    std::vector<std::string> sources;
    if (const auto failed = collect(clean, 0, sources)) {
        return unavailable("SOURCE_IO", "reading " + clean + ": " + failed.message());
    }
    return sources;
}

Result<std::set<std::string>> load_caisses(const std::string& config_folder) {
    const auto path = config_folder + "/organismes.csv";
    const auto text = runtime::read_file(path);
    if (!text) return invalid("CONFIG_INVALID", text.error().message);
    const auto table = CsvTable::parse(path, *text, {"caisse"});
    if (!table) return pass_on(table);
    std::set<std::string> caisses;
    for (const auto& row : (*table)->rows()) caisses.insert(row["caisse"]);
    return caisses;
}

Result<SourceOptions> source_options(const runtime::Settings& settings) {
    const auto folder =
        settings.config_folder.empty() ? runtime::default_config_folder(settings.home) : settings.config_folder;
    auto caisses = load_caisses(folder);
    if (!caisses) return pass_on(caisses);
    SourceOptions options;
    options.caisse = settings.ingest.caisse;
    options.platform = settings.ingest.platform;
    options.separator_prefixes = settings.ingest.separator_prefixes;
    options.decoder = settings.decoder;
    options.caisses = std::move(*caisses);
    return options;
}

Result<OpenedFile> open_and_hash(int folder_fd, const std::string& name, std::uint64_t bytes_max) {
    auto fd = open_regular(folder_fd, name);
    if (!fd) return pass_on(fd);
    struct stat found {};
    if (::fstat(fd->get(), &found) != 0) return source_io("looking at a file");
    if (static_cast<std::uint64_t>(found.st_size) > bytes_max) {
        return invalid("REJ_TOO_LARGE", "the file is larger than " + std::to_string(bytes_max >> 20) +
                                            " MiB: scan it in several parts, or at a lower resolution");
    }
    const auto digest = vault::digest_of(fd->get());
    if (!digest) return unavailable("SOURCE_IO", digest.error().message);
    return OpenedFile{std::move(*fd), StoredFile{digest->sha256, digest->size_bytes, name}};
}

Date paris_day(std::int64_t unix_seconds) {
    static const auto* const zone = date::locate_zone("Europe/Paris");
    const date::sys_seconds at{std::chrono::seconds(unix_seconds)};
    return date::format("%Y-%m-%d", zone->to_local(at));
}

}  // namespace pleiade::ingest
