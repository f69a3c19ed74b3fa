#include "common/domain/arrivals.h"

#include <algorithm>

namespace pleiade {
namespace {

constexpr std::chrono::seconds kBetweenMoments{15};
constexpr std::chrono::hours kKept{48};

}  // namespace

void Arrivals::note(MonotonicTime now, std::int64_t total) {
    // A store that was put back has fewer than before: what we knew is of another one.
    if (!moments_.empty() && total < moments_.back().total) moments_.clear();
    if (!moments_.empty() && total == moments_.back().total) return;
    if (moments_.size() > 1 && now - moments_.back().at < kBetweenMoments) {
        moments_.back().total = total;
        return;
    }
    moments_.push_back({now, total});
    while (moments_.size() > 1 && now - moments_.front().at > kKept) moments_.pop_front();
}

std::chrono::milliseconds Arrivals::oldest_age(MonotonicTime now, std::int64_t waiting) const {
    if (waiting <= 0 || moments_.empty()) return std::chrono::milliseconds{0};
    const auto number = moments_.back().total - waiting + 1;
    const auto came = std::ranges::lower_bound(moments_, number, {}, &Moment::total);
    return now - (came == moments_.end() ? moments_.back() : *came).at;
}

}  // namespace pleiade
