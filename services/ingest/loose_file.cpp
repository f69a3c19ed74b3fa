// A file dropped without a manifest: a lot of its own, cut at its separator pages.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <boost/json.hpp>
#include <filesystem>

#include "common/base/sha256.h"
#include "services/ingest/separators.h"
#include "services/ingest/source_parts.h"
#include "services/ingest/text.h"

namespace pleiade::ingest {
namespace {

// The last change of the inode: writing, renaming in, copying with an old date all move it, a stranger cannot set it.
Date day_it_came(int fd) {
    struct stat found {};
    return ::fstat(fd, &found) == 0 ? paris_day(found.st_ctim.tv_sec) : Date{};
}

// The folder that the caller named: links on the way to it are the caller's business, only the file is a stranger's.
Result<Fd> open_parent(const std::string& path) {
    Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) return source_io("opening a folder");
    return fd;
}

std::optional<Error> refuse_caisse(const SourceOptions& options) {
    if (options.caisses.empty() || options.caisses.contains(options.caisse)) return std::nullopt;
    return Error{ErrorKind::Invalid, "REJ_MANIFEST_CAISSE",
                 "the folder of this file is not a caisse of organismes.csv: move the file under the right one"};
}

SourcePli first_pli(const SourceLot& lot, const SourceOptions& options, const std::string& name) {
    SourcePli pli;
    pli.rank = 1;
    pli.context.lot = lot.lot;
    pli.context.pli = "0001";
    pli.context.file = escaped(name);
    pli.context.caisse = lot.caisse;
    pli.context.received_on = options.received_on;
    pli.manifest_json = "{}";
    return pli;
}

std::string manifest_of(const SourceLot& lot, const SourceOptions& options, const Date& received_on) {
    return boost::json::serialize(boost::json::object{{"lot", lot.lot},
                                                      {"platform", options.platform},
                                                      {"caisse", lot.caisse},
                                                      {"received_on", received_on},
                                                      {"loose_file", true}});
}

}  // namespace

SourceLot open_loose_file(const std::string& path, const SourceOptions& options, const InspectFile& inspect) {
    const std::filesystem::path given(path);
    const auto name = given.filename().string();
    const auto stem = escaped(given.stem().string());
    SourceLot lot;
    lot.path = path;
    lot.loose_file = true;
    lot.caisse = options.caisse;
    lot.announced_plis = 1;
    lot.content_sha256 = sha256_hex(name);  // what cannot be read has no digest of its own
    lot.lot = stem + "-" + lot.content_sha256.substr(0, 8);

    const auto parent = given.parent_path().string();
    const auto folder = open_parent(parent.empty() ? "." : parent);
    if (!folder) {
        lot.rejection = folder.error();
        return lot;
    }
    auto opened = open_and_hash(folder->get(), name, options.decoder.file_bytes_max);
    if (!opened) {
        lot.rejection = opened.error();
        lot.rejected_file = escaped(name);
        return lot;
    }
    lot.content_sha256 = opened->stored.sha256;
    lot.lot = stem + "-" + lot.content_sha256.substr(0, 8);
    if (auto refused = refuse_caisse(options)) {
        lot.rejection = refused;
        lot.rejected_file = escaped(name);
        return lot;
    }

    auto pli = first_pli(lot, options, name);
    if (pli.context.received_on.empty()) pli.context.received_on = day_it_came(opened->fd.get());
    lot.manifest_json = manifest_of(lot, options, pli.context.received_on);
    pli.paths = {path};
    pli.files = {opened->stored};
    pli.present = {name};
    auto inspected = inspect(opened->fd.get(), true);
    if (inspected && inspected->pages.empty()) inspected = invalid("REJ_FILE_EMPTY", "the file holds no page");
    if (!inspected) {
        pli.rejection = inspected.error();
        pli.rejected_file = escaped(name);
        pli.rejected_sha256 = opened->stored.sha256;
        lot.plis.push_back(std::move(pli));
        return lot;
    }
    for (auto& pages : cut_at_separators(*inspected, options.separator_prefixes)) {
        pli.rank = static_cast<int>(lot.plis.size()) + 1;
        pli.context.pli = fmt::format("{:04}", pli.rank);
        pli.pages = std::move(pages);
        lot.plis.push_back(pli);
    }
    lot.announced_plis = static_cast<int>(lot.plis.size());
    return lot;
}

}  // namespace pleiade::ingest
