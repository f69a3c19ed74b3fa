// What one run of the binder has to do, as its command line says.
//
//   pleiade-binder --title=ID --memory-bytes=N --cpu-seconds=N --file=BYTES... --page=FILE:INDEX:ROTATION...
//
// Descriptor 3 holds the received files one after the other, in the order of --file; the PDF goes to descriptor 4.
// Pages come out in the order of --page: image INDEX (0-based) of file FILE (0-based), turned ROTATION degrees
// clockwise.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pleiade::binder {

inline constexpr int kInputFd = 3;
inline constexpr int kOutputFd = 4;

struct PageOrder {
    std::size_t file = 0;
    int index = 0;
    int rotation = 0;
};

struct Request {
    std::string title;
    std::uint64_t memory_bytes = 768ull << 20;
    int cpu_seconds = 20;
    std::vector<std::uint64_t> file_bytes;
    std::vector<PageOrder> pages;
};

// Nothing when an argument is not one of the above.
std::optional<Request> parse_request(int count, char** arguments);

// Exit codes of the program; anything else, or a signal, is a crash.
inline constexpr int kExitDone = 0;
inline constexpr int kExitUsage = 64;
inline constexpr int kExitUnreadable = 65;  // a file cannot be taken over
inline constexpr int kExitNoSandbox = 70;   // it could not lock itself in, so it touched nothing

}  // namespace pleiade::binder
