// Barcodes of a page. The only place that includes ZXing.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "services/decoder/page.h"

namespace pleiade::decoder {

struct FoundCode {
    std::string symbology;  // as ZXing names it
    std::string text;       // UTF-8
    int x = 0, y = 0, width = 0, height = 0;
};

struct CodeSearch {
    std::vector<FoundCode> codes;
    bool complete = true;  // false: the library aborted or the time was over before every attempt was made
};

// Operation: `page` holds 8-bit grey. Debian's ZXing 1.4.0 aborts on an assertion on some damaged codes; that abort is
// caught here and costs the attempt that met it, nothing else.
// Limits: no attempt begins after `budget` of CPU time. Not thread-safe (it handles SIGABRT).
CodeSearch find_codes(const Page& page, std::chrono::milliseconds budget);

}  // namespace pleiade::decoder
