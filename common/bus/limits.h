// The limits of the bus, for those who must stay under them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace pleiade::bus {

inline constexpr std::uint32_t kProtocolVersion = 1;

// A peer that sends more is cut off by ZeroMQ without a word; so both sides check before they send.
inline constexpr std::size_t kMessageBytesMax = 1u << 20;
// A result comes back inside a Lease (stage "route") and a DocumentView with its context, so it must be smaller.
inline constexpr std::size_t kResultBytesMax = 768u << 10;
// Of a stored file, in one answer: small enough that a hub may hold many, large enough that few are needed.
inline constexpr std::size_t kChunkBytesMax = 256u << 10;

// What a hub refuses with whose store is away: another hub may reach it.
inline constexpr char kStoreUnavailable[] = "STORE_UNAVAILABLE";

// A connection that has not shown its key by then is closed: idle strangers do not hold places.
inline constexpr std::chrono::milliseconds kHandshakeTime{5'000};

// Without heartbeats a cut link went unnoticed for 60 s; with these, 3.5 s, and 4 s where one side still hears the
// other for a moment.
inline constexpr std::chrono::milliseconds kHeartbeatEvery{750};
inline constexpr std::chrono::milliseconds kHeartbeatTimeout{2'500};
inline constexpr std::chrono::milliseconds kHeartbeatTtl{5'000};

}  // namespace pleiade::bus
