// What reading mail is compared with: programs that recognise the whole text of a page, on the same scans in the same
// run, one process and one thread each.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "services/ingest/source.h"

namespace pleiade::cli {

struct PeerFigure {
    std::string name;        // "tesseract 5.3.0"
    double cpu_ms_page = 0;  // 0: it is not installed, or failed
    int pages = 0;
};

// The first page of up to `pages` files of the mail, written into `folder`.
std::vector<PeerFigure> measure_peers(const std::vector<ingest::SourcePli>& plis, int pages,
                                      const std::filesystem::path& folder);

// CPU of this process (RUSAGE_SELF) or of its ended children (RUSAGE_CHILDREN), in milliseconds.
double rusage_ms(int who);
// Runs to its end, silently. Whether it could be started and answered 0.
bool run_quietly(const std::vector<std::string>& command);

}  // namespace pleiade::cli
