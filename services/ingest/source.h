// What was dropped, as plis: a lot folder with its manifest, or a loose file cut at its separator pages. Needs no
// service, no store and no network, so that `pleiade read` and the ingest process see the very same plis.
//
// Operation: nothing is moved or written. Every file is opened without following links, hashed, and decoded once in the
// sandbox to check it and to count its pages. What is wrong with one file rejects its pli; what is wrong with the
// manifest rejects the lot. A `rejection` of kind Unavailable judges nothing: try again later.
// Concurrency: none shared; any thread. Limits: those of the decoder, kManifestBytesMax, kPlisMax, kFilesPerPliMax.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/domain/pli.h"
#include "common/runtime/settings.h"
#include "services/ingest/file_inspector.h"

namespace pleiade::ingest {

struct SourceOptions {
    Caisse caisse = "595";          // of a loose file
    std::string platform;           // of a loose file, for people
    Date received_on;               // of a loose file; empty: the Paris day on which the file came
    std::set<std::string> caisses;  // the known ones; empty: any three digits
    std::vector<std::string> separator_prefixes = {"PLEIADE-SEP", "PATCHT"};
    runtime::Settings::Decoder decoder;
    InspectFile inspect;  // empty: the sandbox, under the limits above
};

struct SourcePli {
    PliContext context;
    int rank = 0;                    // 1-based place in the lot
    std::vector<std::string> paths;  // one per file, in order; the envelope's image comes last
    std::vector<StoredFile> files;   // the same, with digest and size
    std::vector<PageRef> pages;
    std::string manifest_json;         // this pli's entry of the manifest, as received; "{}" for a loose file
    std::optional<Error> rejection;    // a REJ_ code, or Unavailable
    std::string rejected_file;         // the name at fault, escaped
    std::string rejected_sha256;       // its digest, empty when it could not be read
    std::vector<std::string> present;  // names of its files that stand in the folder, for whoever moves them
};

struct SourceLot {
    std::string path;  // as given
    std::string lot;
    bool loose_file = false;
    Caisse caisse;
    int announced_plis = 0;      // as announced, else as listed
    int announced_pages = 0;     // 0 when the manifest does not say
    std::string content_sha256;  // of the manifest and of every file's digest
    std::string manifest_json;   // as received
    std::vector<SourcePli> plis;
    std::vector<std::string> unlisted;  // files of the folder that the manifest does not name, escaped
    std::optional<Error> rejection;     // of the whole lot; `plis` is empty then
    std::string rejected_file;          // the name at fault, escaped
};

inline constexpr const char* kManifestName = "lot.json";
inline constexpr std::size_t kManifestBytesMax = 16u << 20;
inline constexpr std::size_t kPlisMax = 20'000;
inline constexpr std::size_t kFilesPerPliMax = 500;

// A lot folder (it holds lot.json) or a file.
SourceLot open_source(const std::string& path, const SourceOptions& options);

// Every source under `path`, in order of name: the path itself when it is a lot folder or a file, else what the folder
// and its sub-folders hold. Hidden names are passed over. NotFound or Unavailable when the path cannot be read.
Result<std::vector<std::string>> find_sources(const std::string& path);

// The codes of deploy/config/organismes.csv, open or closed: mail still comes for the closed ones.
Result<std::set<std::string>> load_caisses(const std::string& config_folder);

// Everything that an installation's settings say about sources; `caisses` is loaded.
Result<SourceOptions> source_options(const runtime::Settings& settings);

}  // namespace pleiade::ingest
