// How many pages a received file holds, and their barcodes when asked: the one question that ingest puts to a decoder.
// A port because tests must make it fail on demand; production has the sandbox alone.
#pragma once

#include <functional>
#include <vector>

#include "common/base/result.h"
#include "common/domain/reading.h"
#include "common/runtime/settings.h"

namespace pleiade::ingest {

struct InspectedPage {
    std::vector<Code> codes;
    bool codes_complete = true;  // false when the barcode reader gave up on this page
};

struct InspectedFile {
    std::vector<InspectedPage> pages;
};

// Errors: the REJ_ codes of common/vision/decode.h (Invalid), or Unavailable.
using InspectFile = std::function<Result<InspectedFile>(int fd, bool codes)>;

// Every file is decoded in a child process of its own. A decoder that was killed is tried again before its file is
// blamed: somebody else (a person, the kernel short of memory) can kill a process too.
InspectFile sandbox_inspector(const runtime::Settings::Decoder& limits);

}  // namespace pleiade::ingest
