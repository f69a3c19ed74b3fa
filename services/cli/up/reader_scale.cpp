#include "services/cli/up/reader_scale.h"

#include <algorithm>
#include <cmath>

namespace pleiade::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

// What waits is to be read in half of the time that is left, so that a slow quarter of an hour does no harm...
constexpr double kShareOfTimeLeft = 0.5;
// ...and never sooner than this: three letters at night are no reason for a second reader.
constexpr milliseconds kSoonest = minutes(5);
constexpr double kPlisPerMinuteGuess = 20;
// A reader and the decoder that it starts, until one was seen.
constexpr std::uint64_t kReaderBytesGuess = 1ull << 30;
// Left to the system's cache and the other services.
constexpr std::uint64_t kReserveBytes = 512ull << 20;
constexpr int kLooksToGrow = 2;
constexpr milliseconds kQuietToShrink = minutes(5);

// How many the memory bears: those that are there hold theirs already.
int borne_by_memory(const ReaderLoad& load) {
    if (load.available_bytes < kReserveBytes) return load.readers - 1;
    const auto one = load.reader_bytes > 0 ? load.reader_bytes : kReaderBytesGuess;
    const auto more = (load.available_bytes - kReserveBytes) / one;
    return load.readers + static_cast<int>(std::min<std::uint64_t>(more, 1'000));
}

}  // namespace

int readers_needed(const ReaderLoad& load, const ReaderLimits& limits) {
    int needed = limits.min;
    if (load.waiting > 0) {
        const auto left = std::max(limits.due - load.oldest_age, milliseconds{0});
        const auto time = std::max(kSoonest, std::chrono::duration_cast<milliseconds>(left * kShareOfTimeLeft));
        const double rate = load.plis_per_minute > 0 ? load.plis_per_minute : kPlisPerMinuteGuess;
        const double in_time = rate * std::chrono::duration<double, std::ratio<60>>(time).count();
        // A machine that cannot run its share lets the oldest age, which makes the shares of the others larger.
        const double share = static_cast<double>(load.waiting) / std::max(1, load.machines);
        const double readers = std::ceil(share / in_time);
        needed = static_cast<int>(std::min(readers, static_cast<double>(limits.max)));
        if (load.oldest_age >= limits.due) needed = limits.max;
    }
    needed = std::min(needed, borne_by_memory(load));
    return std::clamp(needed, limits.min, std::max(limits.min, limits.max));
}

int ReaderScale::follow(MonotonicTime now, const ReaderLoad& load) {
    const int needed = readers_needed(load, limits_);
    if (!wanted_) wanted_ = std::clamp(load.readers, limits_.min, std::max(limits_.min, limits_.max));
    int& wanted = *wanted_;
    looks_above_ = needed > wanted ? looks_above_ + 1 : 0;
    if (needed >= wanted) below_since_.reset();
    if (looks_above_ >= kLooksToGrow) {
        wanted = needed;
        looks_above_ = 0;
    } else if (needed < wanted && load.available_bytes < kReserveBytes) {
        wanted = std::max(needed, wanted - 1);
        below_since_ = now;
    } else if (needed < wanted) {
        if (!below_since_) below_since_ = now;
        if (now - *below_since_ >= kQuietToShrink) {
            --wanted;
            below_since_ = now;
        }
    }
    return wanted;
}

}  // namespace pleiade::cli
