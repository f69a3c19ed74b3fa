// A lot as the scanner drops it: a folder and its manifest.
#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>

#include "common/base/sha256.h"
#include "services/ingest/manifest.h"
#include "services/ingest/source_parts.h"
#include "services/ingest/text.h"

namespace pleiade::ingest {
namespace {

constexpr std::size_t kUnlistedMax = 1'000;

Result<std::string> read_manifest(int folder_fd) {
    const auto fd = open_regular(folder_fd, kManifestName);
    if (!fd) {
        if (fd.error().code != "REJ_FILE_MISSING") return pass_on(fd);
        return unavailable("SOURCE_NO_MANIFEST",
                           "lot.json is not there yet: nothing of this folder is read before it is");
    }
    constexpr std::size_t kReadAtOnce = 64u << 10;
    std::string bytes;
    for (std::size_t size = 0; size <= kManifestBytesMax; size = bytes.size()) {
        bytes.resize(size + kReadAtOnce);
        const auto got = ::pread(fd->get(), bytes.data() + size, kReadAtOnce, static_cast<off_t>(size));
        if (got < 0) return source_io("reading lot.json");
        bytes.resize(size + static_cast<std::size_t>(got));
        if (got == 0) return bytes;
    }
    return invalid("REJ_MANIFEST_INVALID", "lot.json is larger than 16 MiB");
}

std::vector<std::string> unlisted_files(int folder_fd, const std::set<std::string>& listed) {
    std::vector<std::string> unlisted;
    const int copy = ::dup(folder_fd);
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(::fdopendir(copy), ::closedir);
    if (!folder) {
        ::close(copy);
        return unlisted;
    }
    while (const auto* entry = ::readdir(folder.get())) {
        const std::string name = entry->d_name;
        if (name == "." || name == ".." || listed.contains(name)) continue;
        if (unlisted.size() < kUnlistedMax) unlisted.push_back(escaped(name));
    }
    std::sort(unlisted.begin(), unlisted.end());
    return unlisted;
}

// Opens, hashes and counts the files of one pli. `content` receives what each file turned out to be.
class PliOpening {
  public:
    PliOpening(int folder_fd, const std::string& path, const SourceOptions& options, const InspectFile& inspect)
        : folder_fd_(folder_fd), path_(path), options_(options), inspect_(inspect) {}

    // An Error when the lot cannot be judged now.
    std::optional<Error> open(const ManifestPli& listed, SourcePli& pli, std::string& content) {
        pli.context = listed.context;
        pli.manifest_json = listed.json;
        pli.rejection = listed.rejection;
        for (const auto& name : listed.files) {
            if (auto error = open_file(name, false, pli, content)) return error;
        }
        if (listed.envelope) {
            if (auto error = open_file(*listed.envelope, true, pli, content)) return error;
        }
        if (pli.rejection) pli.pages.clear();
        return std::nullopt;
    }

  private:
    std::optional<Error> open_file(const std::string& name, bool envelope, SourcePli& pli, std::string& content) {
        auto opened = open_and_hash(folder_fd_, name, options_.decoder.file_bytes_max);
        if (!opened && opened.error().kind == ErrorKind::Unavailable) return opened.error();
        content += name + "\n" + (opened ? opened->stored.sha256 : opened.error().code) + "\n";
        if (opened || opened.error().code == "REJ_TOO_LARGE") pli.present.push_back(name);
        if (!opened) {
            reject(pli, opened.error(), name, "");
            return std::nullopt;
        }
        const int file = static_cast<int>(pli.files.size());
        pli.paths.push_back(path_ + "/" + name);
        pli.files.push_back(opened->stored);
        if (pli.rejection) return std::nullopt;  // already judged: hashed for the lot's content, not decoded
        const auto inspected = inspect_(opened->fd.get(), false);
        if (!inspected) {
            reject(pli, inspected.error(), name, opened->stored.sha256);
        } else if (inspected->pages.empty()) {
            reject(pli, {ErrorKind::Invalid, "REJ_FILE_EMPTY", "the file holds no page"}, name, opened->stored.sha256);
        } else if (envelope && inspected->pages.size() != 1) {
            reject(pli, {ErrorKind::Invalid, "REJ_MANIFEST_INVALID", "the envelope's file must hold one image"}, name,
                   opened->stored.sha256);
        } else {
            add_pages(pli, file, static_cast<int>(inspected->pages.size()), envelope);
        }
        return std::nullopt;
    }

    static void add_pages(SourcePli& pli, int file, int count, bool envelope) {
        if (envelope) {
            pli.pages.insert(pli.pages.begin(), PageRef{0, file, 0, PageKind::Envelope});
            return;
        }
        for (int index = 0; index < count; ++index) {
            pli.pages.push_back({static_cast<int>(pli.pages.size()) + 1, file, index, std::nullopt});
        }
    }

    static void reject(SourcePli& pli, const Error& error, const std::string& name, const std::string& sha256) {
        if (pli.rejection) return;  // the first fault is the one reported
        pli.rejection = error;
        pli.rejected_file = escaped(name);
        pli.rejected_sha256 = sha256;
    }

    const int folder_fd_;
    const std::string& path_;
    const SourceOptions& options_;
    const InspectFile& inspect_;
};

std::set<std::string> listed_names(const Manifest& manifest) {
    std::set<std::string> names = {kManifestName};
    for (const auto& pli : manifest.plis) {
        names.insert(pli.files.begin(), pli.files.end());
        if (pli.envelope) names.insert(*pli.envelope);
    }
    return names;
}

}  // namespace

SourceLot open_lot_folder(const std::string& path, const SourceOptions& options, const InspectFile& inspect) {
    SourceLot lot;
    lot.path = path;
    // Until the manifest says better, the folder's name is the only one there is.
    lot.lot = escaped(std::filesystem::path(path).filename().string());
    const auto folder = open_folder(path);
    if (!folder) {
        lot.rejection = folder.error();
        return lot;
    }
    const auto bytes = read_manifest(folder->get());
    if (!bytes) {
        lot.rejection = bytes.error();
        lot.rejected_file = kManifestName;
        return lot;
    }
    lot.content_sha256 = sha256_hex(*bytes);
    const auto manifest = parse_manifest(*bytes, options.caisses);
    if (!manifest) {
        lot.rejection = manifest.error();
        lot.rejected_file = kManifestName;
        return lot;
    }
    lot.lot = manifest->lot;
    lot.caisse = manifest->caisse;
    lot.announced_plis = manifest->announced_plis.value_or(static_cast<int>(manifest->plis.size()));
    lot.announced_pages = manifest->announced_pages;
    lot.manifest_json = manifest->json;
    lot.unlisted = unlisted_files(folder->get(), listed_names(*manifest));

    std::string content = *bytes + "\n";
    PliOpening opening(folder->get(), path, options, inspect);
    for (const auto& listed : manifest->plis) {
        SourcePli pli;
        pli.rank = static_cast<int>(lot.plis.size()) + 1;
        if (auto error = opening.open(listed, pli, content)) {
            lot.rejection = *error;
            lot.plis.clear();
            return lot;
        }
        lot.plis.push_back(std::move(pli));
    }
    lot.content_sha256 = sha256_hex(content);
    return lot;
}

}  // namespace pleiade::ingest
