// Takes away from this process everything that decoding does not need, before a byte of the input is looked at.
//
// rlimits (memory, CPU, output, descriptors, no process, no core), death with the parent, no new privileges, user,
// network and IPC namespaces of its own, Landlock without any path, seccomp allow-list. What the kernel or a container
// refuses (namespaces, Landlock) is done without: seccomp alone already leaves no open, socket, exec or fork.
// Anything else that fails throws std::runtime_error, and the caller must not touch the input.
#pragma once

#include <string>

#include "services/decoder/job.h"

namespace pleiade::decoder {

void enter_sandbox(const Job& job);

// For the renderer, which is a program of its own and needs its libraries and fonts: the same limits, the system's
// folders read-only, no socket, no other process. Ends by becoming `program`; returns only by throwing.
[[noreturn]] void become_renderer(const Job& job, const char* program, char* const arguments[]);

}  // namespace pleiade::decoder
