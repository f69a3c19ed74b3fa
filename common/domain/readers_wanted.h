// How many readers are wanted, as one number that the ledger keeps and everybody hands on; and what they are wanted
// for.
#pragma once

#include <chrono>

namespace pleiade {

inline constexpr int kReadersUnsaid = 0;  // nobody has said: as each machine is set up
inline constexpr int kReadersAuto = -1;   // as many as the mail that waits needs and the memory bears
inline constexpr int kReadersMax = 256;

// The mail room's shortest promise: a P0 is in its queue one hour after it was scanned. Before a pli is read nobody
// knows that it is none.
inline constexpr std::chrono::hours kUnreadDue{1};

}  // namespace pleiade
