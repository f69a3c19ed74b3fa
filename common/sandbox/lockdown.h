// Takes away from this process everything that parsing received bytes does not need, before a byte of them is looked
// at.
//
// rlimits (memory, CPU, output, descriptors, no process, no core), death with the parent, no new privileges, user,
// network and IPC namespaces of its own, Landlock without any path, seccomp allow-list. What the kernel or a container
// refuses (namespaces, Landlock) is done without: seccomp alone already leaves no open, socket, exec or fork.
// Anything else that fails throws std::runtime_error, and the caller must not touch the input.
// Compiled without sanitizers, whose shadow memory a memory limit would break.
#pragma once

#include <cstdint>

namespace pleiade::sandbox {

struct Limits {
    std::uint64_t memory_bytes = 0;
    int cpu_seconds = 0;
    std::uint64_t output_bytes = 0;  // of any one file written, the memory file of the answer included
};

void lock_down(const Limits& limits);

// For a renderer, which is a program of its own and needs its libraries and fonts: the same limits, the system's
// folders read-only, no socket, no other process. Ends by becoming `program`; returns only by throwing.
[[noreturn]] void become(const Limits& limits, const char* program, char* const arguments[]);

}  // namespace pleiade::sandbox
