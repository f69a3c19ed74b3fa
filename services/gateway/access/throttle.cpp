#include "services/gateway/access/throttle.h"

#include <algorithm>

#include "common/runtime/secrets.h"

namespace pleiade::gateway {

namespace {

constexpr int kFreeOfAccount = 3;
constexpr int kFreeOfAddress = 20;  // a whole platform may stand behind one address
constexpr std::chrono::seconds kWaitMax{60};
constexpr std::chrono::minutes kForgottenAfter{15};
constexpr std::size_t kEntriesMax = 20'000;

std::string key_of(const std::string& account) {
    return "n" + runtime::digest_of(account);
}

}  // namespace

std::chrono::seconds Throttle::left(const Tries& tries, int free, Clock::time_point now) {
    if (tries.failures < free || now - tries.last > kForgottenAfter) return {};
    const auto wait = std::min(kWaitMax, std::chrono::seconds(1 << std::min(tries.failures - free, 6)));
    const auto since = now - tries.last;
    return since >= wait ? std::chrono::seconds(0) : std::chrono::ceil<std::chrono::seconds>(wait - since);
}

std::chrono::seconds Throttle::wait_for(const std::string& account, const std::string& address, Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    std::chrono::seconds wait{0};
    if (const auto known = tries_.find(key_of(account)); known != tries_.end()) {
        wait = left(known->second, kFreeOfAccount, now);
    }
    if (const auto known = tries_.find("a" + address); known != tries_.end()) {
        wait = std::max(wait, left(known->second, kFreeOfAddress, now));
    }
    return wait;
}

void Throttle::failed(const std::string& account, const std::string& address, Clock::time_point now) {
    const std::lock_guard lock(mutex_);
    make_room();
    for (const auto& key : {key_of(account), "a" + address}) {
        Tries& tries = tries_[key];
        if (now - tries.last > kForgottenAfter) tries.failures = 0;
        ++tries.failures;
        tries.last = now;
    }
}

void Throttle::succeeded(const std::string& account) {
    const std::lock_guard lock(mutex_);
    tries_.erase(key_of(account));
}

void Throttle::make_room() {
    if (tries_.size() < kEntriesMax) return;
    auto oldest = Clock::time_point::max();
    for (const auto& [key, tries] : tries_) oldest = std::min(oldest, tries.last);
    std::erase_if(tries_, [&](const auto& one) { return one.second.last <= oldest + kForgottenAfter / 2; });
}

}  // namespace pleiade::gateway
