// Named places where a test makes the process die, a system call fail or a message get lost: the crash points of the
// reliability plan. Compiled in only with PLEIADE_FAULTS (presets `dev`, `tsan`, `faults`); what is deployed holds
// none.
//
//   PLEIADE_FAILPOINT("ledger.after_commit");                       // may crash or delay
//   if (const int error = PLEIADE_FAILPOINT("vault.sync")) ...      // may also say EIO, ENOSPC, kDrop or kDuplicate
//   if (PLEIADE_PLANTED_BUG("no_fence_check")) ...                  // a bug that the fault bench must find
//
// Operation: PLEIADE_FAILPOINTS="name:action@k,name:action@k+" in the environment, or the same text, one per line, in
// the file PLEIADE_FAILPOINTS_FILE names. The action is `crash` (kill -9 of oneself), `eio`, `enospc`, `drop`,
// `duplicate` or `delay` (200 ms); it acts at the k-th passage (default 1), with `+` at each one from then on. Each
// time one acts, a line is added to the file that PLEIADE_FAILPOINTS_LOG names. PLEIADE_PLANTED_BUGS="name,name".
// Concurrency: any thread; `arm`, `plant` and `handle` before the threads that pass.
#pragma once

#ifdef PLEIADE_FAULTS

#include <chrono>
#include <functional>
#include <string>

namespace pleiade::failpoint {

inline constexpr int kDrop = -1;
inline constexpr int kDuplicate = -2;

// 0, or the errno that the passage must pretend, or one of the above.
int pass(const char* name);
bool planted(const char* bug);

// For tests in one process, in place of the environment.
void arm(const std::string& text);
void plant(const std::string& bugs);
// By how much the wall clock was stepped: milliseconds, as text, in the file that PLEIADE_CLOCK_FILE names; read again
// each time, so that a test steps the clock of running processes.
std::chrono::milliseconds clock_step();
// Asked at each passage, before what is armed; may throw what stands for a crash. Empty: nobody is asked.
void handle(std::function<int(const char* name)> handler);

}  // namespace pleiade::failpoint

#define PLEIADE_FAILPOINT(name) ::pleiade::failpoint::pass(name)
#define PLEIADE_PLANTED_BUG(name) ::pleiade::failpoint::planted(name)

#else

namespace pleiade::failpoint {
inline constexpr int kDrop = -1;
inline constexpr int kDuplicate = -2;
constexpr int nothing() {
    return 0;
}
}  // namespace pleiade::failpoint

#define PLEIADE_FAILPOINT(name) ::pleiade::failpoint::nothing()
#define PLEIADE_PLANTED_BUG(name) false

#endif
