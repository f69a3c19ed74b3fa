#include "common/vault/s3/retry.h"

#include <algorithm>
#include <random>
#include <thread>

namespace pleiade::vault {

std::chrono::milliseconds pause_after(const RetryPlan& plan, int tries, double chance) {
    auto pause = plan.first_pause;
    for (int i = 1; i < tries && pause < plan.longest_pause; ++i) pause *= 2;
    pause = std::min(pause, plan.longest_pause);
    return pause -
           std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(pause.count()) * chance / 2));
}

bool Retries::again() {
    if (++tries_ >= plan_.tries_max) return false;
    thread_local std::minstd_rand random{std::random_device{}()};
    const auto pause = pause_after(plan_, tries_, std::uniform_real_distribution<>(0, 1)(random));
    if (std::chrono::steady_clock::now() + pause - started_ > plan_.patience) return false;
    std::this_thread::sleep_for(pause);
    return true;
}

}  // namespace pleiade::vault
