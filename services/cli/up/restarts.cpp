#include "services/cli/up/restarts.h"

#include <algorithm>

namespace pleiade::cli {
namespace {

constexpr std::chrono::milliseconds kFirstPause{200};
constexpr std::chrono::milliseconds kLongestPause{5'000};
constexpr std::chrono::seconds kHealthyLife{30};

}  // namespace

void Restarts::ended(Time now) {
    if (now - started_ > kHealthyLife) {
        pause_ = kFirstPause;
        quick_deaths_ = 0;
    } else {
        ++quick_deaths_;
    }
    due_ = now + pause_;
    pause_ = std::min(pause_ * 2, kLongestPause);
}

}  // namespace pleiade::cli
