// lot.json: what the scanner says of a lot (docs/formats/lot.md).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/domain/pli.h"

namespace pleiade::ingest {

struct ManifestPli {
    PliContext context;              // the lot's values, overridden by the pli's own
    std::vector<std::string> files;  // names, not judged yet
    std::optional<std::string> envelope;
    std::string json;                // the entry as received, unknown keys included
    std::optional<Error> rejection;  // its own caisse is unknown
};

struct Manifest {
    std::string lot;
    Caisse caisse;
    std::optional<int> announced_plis;
    int announced_pages = 0;
    std::vector<ManifestPli> plis;
    std::string json;
};

// Errors, with the JSON pointer of the place: REJ_MANIFEST_INVALID, REJ_MANIFEST_CAISSE (not in `caisses`, when that
// is not empty). A manifest that stops before its last brace is REJ_MANIFEST_INVALID too; `is_whole_json` tells.
Result<Manifest> parse_manifest(std::string_view bytes, const std::set<std::string>& caisses);

// Whether the bytes are one complete JSON value: the sign that a manifest has been written to its end.
bool is_whole_json(std::string_view bytes);

bool is_date(std::string_view text);       // YYYY-MM-DD, a day that exists
bool is_timestamp(std::string_view text);  // RFC 3339 with its offset

}  // namespace pleiade::ingest
