// What pleiade-decoder and pleiade-pdf-decoder (../../services/decoder) write into the memfd that their parent gave
// them, and the options that they take. All are built together and run on one machine, so the bytes are those of the
// structs.
//
// The output is a log of records, each a RecordHead, its payload, and zeros up to the next multiple of 8. The child
// writes the payload first and the head last: a record whose head stands is whole, however the child ended after it.
// Nothing in it is trusted: the parent (record_reader.h) checks every size.
#pragma once

#include <cstdint>

namespace pleiade::vision::protocol {

inline constexpr int kInputFd = 3;   // the file, read-only
inline constexpr int kOutputFd = 4;  // the memfd

inline constexpr std::uint32_t kMagic = 0x4c505244;  // "DRPL"

enum class RecordType : std::uint32_t {
    Start = 1,       // StartRecord: the file is what it says, this many pages
    Page = 2,        // PageRecord + pixels
    ToRender = 3,    // RenderRecord: a PDF page that is not one scan
    PixelsDone = 4,  // DoneRecord: every page of this run is above
    Code = 5,        // CodeRecord + text
    CodesDone = 6,   // no payload: the page was searched to the end
    Verdict = 7,     // VerdictRecord: refused
    End = 8,         // no payload: the child ended by itself
};

struct RecordHead {
    std::uint32_t magic;
    std::uint32_t type;
    std::uint32_t page;  // 0-based index in the file
    std::uint32_t reserved;
    std::uint64_t payload_bytes;
};

struct StartRecord {
    std::uint32_t page_total;
    std::uint32_t reserved;
};

inline constexpr std::uint32_t kFlagColour = 1;
inline constexpr std::uint32_t kFlagBitonal = 2;

struct PageRecord {
    std::uint32_t width;
    std::uint32_t height;
    std::uint32_t bits;  // 1: packed rows, most significant bit first, 1 is white; 8: grey rows
    std::uint32_t flags;
    double dpi_x;  // 0 when the file does not say
    double dpi_y;
    std::uint64_t pixel_bytes;  // 0 when pixels were not asked for
};

struct RenderRecord {
    std::uint32_t width;  // what the page will measure at the wanted resolution
    std::uint32_t height;
};

struct DoneRecord {
    std::uint32_t next_page;  // where another run goes on; page_total when there is nothing left
    std::uint32_t reserved;
};

struct CodeRecord {
    char symbology[24];
    std::int32_t x, y, width, height;
    std::uint32_t text_bytes;
    std::uint32_t reserved;
};
inline constexpr std::uint32_t kCodeTextBytesMax = 8192;

struct VerdictRecord {
    char code[32];
    char message[224];
};

// Exit codes of the child; anything else, or a signal, is a crash.
inline constexpr int kExitDone = 0;                          // End or Verdict was written
inline constexpr int kExitUsage = 64;                        // the parent called it wrongly
inline constexpr int kExitNoSandbox = 70;                    // it could not lock itself in, so it touched nothing
inline constexpr int kExitNoRenderer = 72;                   // pdftoppm could not be started
inline constexpr int kPagesPerRun = 16;                      // then another child goes on, with fresh limits
inline constexpr std::uint64_t kRunBytesMax = 256ull << 20;  // a run also ends once it has written this much

}  // namespace pleiade::vision::protocol
