#include "common/bus/lease_keeper.h"

#include "common/base/failpoint.h"
#include "common/bus/limits.h"
#include "common/bus/sockets.h"

namespace pleiade::bus {
namespace {

// The engine may ask a thousand times a second.
constexpr std::chrono::milliseconds kLookEvery{20};
constexpr std::chrono::milliseconds kSayAgainAfter{1'000};

}  // namespace

LeaseKeeper::LeaseKeeper(Link& link, std::string task_id, std::uint64_t fence, std::chrono::milliseconds lease,
                         std::chrono::steady_clock::time_point asked_at)
    : link_(link), task_id_(std::move(task_id)), fence_(fence), lease_(lease), held_since_(asked_at) {}

bool LeaseKeeper::alive() {
    if (lost_) return false;
    const auto now = std::chrono::steady_clock::now();
    if (now - looked_at_ < kLookEvery) return true;
    looked_at_ = now;
    PLEIADE_FAILPOINT("worker.mid_work");
    if (!request_id_.empty()) read_answers();
    if (now - held_since_ >= lease_ * 8 / 10) lost_ = true;
    if (!lost_ && now - held_since_ >= lease_ / 3) {
        const bool again = request_id_.empty() || now - said_at_ >= kSayAgainAfter || link_.came_back();
        if (again) say_renew(now);
    }
    return !lost_;
}

void LeaseKeeper::say_renew(std::chrono::steady_clock::time_point now) {
    v1::Envelope renew;
    renew.set_version(kProtocolVersion);
    renew.set_type(v1::Renew::descriptor()->name());
    renew.set_request_id(new_request_id());
    renew.set_task_id(task_id_);
    renew.set_fence(fence_);
    if (!link_.send(renew)) {
        link_.receive(std::chrono::milliseconds{0});  // lets the link notice its own state
        return;
    }
    request_id_ = renew.request_id();
    said_at_ = now;
}

void LeaseKeeper::read_answers() {
    while (const auto answer = link_.receive(std::chrono::milliseconds{0})) {
        if (answer->request_id() != request_id_) continue;
        request_id_.clear();
        if (answer->type() == v1::Ok::descriptor()->name()) {
            held_since_ = said_at_;
        } else if (answer->type() == v1::Stale::descriptor()->name()) {
            lost_ = true;
        }
    }
}

}  // namespace pleiade::bus
