// The two kinds of source, behind open_source (source.h).
#pragma once

#include <string>

#include "services/ingest/safe_file.h"
#include "services/ingest/source.h"

namespace pleiade::ingest {

SourceLot open_lot_folder(const std::string& path, const SourceOptions& options, const InspectFile& inspect);
SourceLot open_loose_file(const std::string& path, const SourceOptions& options, const InspectFile& inspect);

// A received file, hashed; refused beyond `bytes_max` (REJ_TOO_LARGE), unread.
struct OpenedFile {
    Fd fd;
    StoredFile stored;
};
Result<OpenedFile> open_and_hash(int folder_fd, const std::string& name, std::uint64_t bytes_max);

// The day in Paris at this time, since 1970, of the mail room's calendar.
Date paris_day(std::int64_t unix_seconds);

}  // namespace pleiade::ingest
