// A pli before anything was read on it: where it comes from, its files, its pages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/domain/reading.h"

namespace pleiade {

// A received file, byte for byte.
struct StoredFile {
    std::string sha256;  // 64 hex digits
    std::uint64_t size_bytes = 0;
    std::string name;  // as the scanner gave it; for people, never a path
};

// Page `page` of the pli is image `index` (0-based) of file `file` (0-based).
struct PageRef {
    int page = 0;
    int file = 0;
    int index = 0;
    std::optional<PageKind> known;  // Envelope or Separator when ingest knows it already
};

// What is known of a pli from its manifest.
struct PliContext {
    std::string lot;
    std::string pli;
    std::string file;  // first file's name, as the scanner gave it
    Caisse caisse;     // addressed
    Date received_on;
    std::string scanned_at;     // RFC 3339 with offset, empty when not known
    std::string registered_at;  // when the hub registered it, RFC 3339, UTC
    std::string channel = "post";
    std::string registered_mail;  // number of a recommandé, empty when none
    std::optional<bool> original_seen;
};

}  // namespace pleiade
