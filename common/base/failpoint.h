// Named places where a test makes the process die or a system call fail: the crash points of the reliability plan.
//
//   PLEIADE_FAILPOINT("ledger.after_commit");                       // may crash or delay
//   if (const int error = PLEIADE_FAILPOINT("vault.sync")) ...      // may also say EIO or ENOSPC
//
// Operation: PLEIADE_FAILPOINTS="name:action@k,name:action@k+" in the environment; action is `crash` (kill -9 of
// oneself), `eio`, `enospc` or `delay` (200 ms); it acts at the k-th passage (default 1), with `+` at each one from
// then on. Compiled in always; a passage costs one load of a constant when the variable is unset. Concurrency: any
// thread.
#pragma once

namespace pleiade::failpoint {

extern const bool kArmed;  // the variable was set when the process started

// 0, or the errno that the passage must pretend.
int pass(const char* name);

}  // namespace pleiade::failpoint

#define PLEIADE_FAILPOINT(name) (::pleiade::failpoint::kArmed ? ::pleiade::failpoint::pass(name) : 0)
