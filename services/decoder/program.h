// What both programs are, whatever formats they open: the options, the lock, and the verdict on what was met inside.
#pragma once

#include <optional>

#include "services/decoder/job.h"
#include "services/decoder/output.h"

namespace pleiade::decoder {

// The job that the command line describes; nothing when the parent called the program wrongly.
std::optional<Job> job_of(int count, char** arguments);

// Opens the file on descriptor 3 and writes its pages to the memfd on descriptor 4; `run` is called once the process is
// locked in, and not at all when that failed. Ends the process with an exit code of the protocol.
using Run = void (*)(const Job& job, Bytes input, Output& output);
[[noreturn]] void decode(const Job& job, Run run);

}  // namespace pleiade::decoder
