#include "tests/faults/actors.h"

#include <fmt/format.h>

#include "common/base/sha256.h"
#include "common/bus/limits.h"
#include "tests/support/worker_results.h"

namespace pleiade::faults {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kSayAgainAfter{1'000};

}  // namespace

std::string request_id(std::mt19937_64& random) {
    std::string id(16, '\0');
    for (char& byte : id) byte = static_cast<char>(random());
    return id;
}

v1::Done result_of(const v1::Lease& lease) {
    v1::Done done = test::result_of(lease);
    if (lease.stage() == "read" || lease.pli_id().front() % 3 != 0) return done;
    for (auto& decision : *done.mutable_decisions()->mutable_decisions()) {  // some go to two recipients
        v1::Copy& copy = *decision.mutable_route()->add_copies();
        copy.set_processed_by("595");
        copy.set_service("ELSM");
    }
    return done;
}

Worker::Worker(Surroundings world, std::string name, std::string stage)
    : world_(std::move(world)), name_(std::move(name)), stage_(std::move(stage)) {}

void Worker::start() {
    ask();
}

void Worker::say(v1::Envelope message) {
    message.set_version(bus::kProtocolVersion);
    message.set_request_id(request_id(world_.random));
    said_ = std::move(message);
    repeat(++turn_);
}

void Worker::repeat(std::uint64_t turn) {
    if (turn != turn_) return;
    world_.send(name_, said_, false);
    world_.time.in(kSayAgainAfter, [this, turn] { repeat(turn); });
}

void Worker::ask() {
    v1::Ready ready;
    ready.set_worker(name_);
    ready.add_stages(stage_);
    ready.set_credit(1);
    ready.set_started_at_ms(life_);
    v1::Envelope message;
    message.set_type("Ready");
    message.set_body(ready.SerializeAsString());
    doing_ = Doing::Asking;
    say(std::move(message));
}

void Worker::rest(milliseconds pause) {
    doing_ = Doing::Nothing;
    const auto turn = ++turn_;
    world_.time.in(pause, [this, turn] {
        if (turn == turn_) ask();
    });
}

void Worker::die() {
    ++life_;
    rest(milliseconds{200 + static_cast<int>(world_.random() % 800)});
}

void Worker::begin(const v1::Envelope& granted) {
    if (!lease_.ParseFromString(granted.body())) return rest(kSayAgainAfter);
    task_ = granted.task_id();
    fence_ = granted.fence();
    renewal_.clear();
    doing_ = Doing::Working;
    const auto turn = ++turn_;
    if (world_.poisons.contains(lease_.context().lot() + "/" + lease_.context().pli())) return die();
    const bool trouble = world_.faults;
    if (trouble && world_.random() % 25 == 0) return die();
    stalled_ = std::exchange(world_.leave_once, false) || (trouble && world_.random() % 12 == 0);
    // A stalled worker wakes up after its lease and answers all the same: a zombie.
    const int work_ms = stalled_ ? static_cast<int>(lease_.lease_ms() + 200 + world_.random() % 3'000)
                                 : static_cast<int>(5 + world_.random() % 300);
    world_.time.in(milliseconds{work_ms}, [this, turn] { tell(turn); });
    renew(turn);
}

void Worker::renew(std::uint64_t turn) {
    if (turn != turn_ || doing_ != Doing::Working || stalled_) return;
    v1::Envelope message;
    message.set_version(bus::kProtocolVersion);
    message.set_type("Renew");
    renewal_ = request_id(world_.random);
    message.set_request_id(renewal_);
    message.set_task_id(task_);
    message.set_fence(fence_);
    world_.send(name_, message, false);
    world_.time.in(milliseconds{lease_.lease_ms() / 3}, [this, turn] { renew(turn); });
}

void Worker::tell(std::uint64_t turn) {
    if (turn != turn_) return;
    v1::Envelope message;
    message.set_type("Done");
    message.set_task_id(task_);
    message.set_fence(fence_);
    v1::Done done = result_of(lease_);
    const bool settled = lease_.reading().documents_size() > 0 && !lease_.reading().documents(0).settled().empty();
    if (done.has_decisions() && lease_.context().pli() == world_.doubtful_rank && !settled) {
        for (auto& decision : *done.mutable_decisions()->mutable_decisions()) decision.set_kind("keying");
    }
    message.set_body(done.SerializeAsString());
    message.set_content_sha256(sha256_hex(message.body()));
    doing_ = Doing::Telling;
    say(std::move(message));
}

void Worker::hear(const v1::Envelope& answer) {
    if (doing_ == Doing::Working && answer.request_id() == renewal_ && answer.type() == "Stale") {
        ++stale_;
        return rest(milliseconds{10});
    }
    if (answer.request_id() != said_.request_id()) return;
    if (doing_ == Doing::Asking) {
        if (answer.type() == "Lease") return begin(answer);
        return rest(milliseconds{50 + static_cast<int>(world_.random() % 200)});
    }
    if (doing_ != Doing::Telling) return;
    if (answer.type() == "Ack") world_.history.note_result(name_, task_, std::to_string(fence_));
    if (answer.type() == "Stale") ++stale_;
    rest(milliseconds{1});
}

void Service::start() {
    life_ = std::to_string(world_.random());
    take();
}

void Service::say(const google::protobuf::Message& message, const std::string& key) {
    said_.Clear();
    said_.set_version(bus::kProtocolVersion);
    said_.set_type(message.GetDescriptor()->name());
    said_.set_body(message.SerializeAsString());
    said_.set_request_id(request_id(world_.random));
    said_.set_idempotency_key(key);
    repeat(++turn_);
}

void Service::repeat(std::uint64_t turn) {
    if (turn != turn_) return;
    world_.send("service", said_, true);
    world_.time.in(kSayAgainAfter, [this, turn] { repeat(turn); });
}

void Service::take() {
    v1::Take take;
    take.set_caisse("595");
    take.set_service(keys_ % 2 == 0 ? "IJ" : "ELSM");
    take.set_count(3);
    take.set_by("service");
    say(take, fmt::format("take {} {}", life_, ++keys_));
}

void Service::acknowledge() {
    v1::Acknowledge receipt;
    receipt.set_document(taken_.back().row().id());
    receipt.set_by("service");
    receipt.set_fence(taken_.back().fence());
    say(receipt, fmt::format("receipt {} {}", life_, ++keys_));
}

void Service::hear(const v1::Envelope& answer) {
    if (answer.request_id() != said_.request_id() || said_.type().empty()) return;
    const std::string asked = said_.type();
    said_.set_type("");
    ++turn_;
    if (asked == "Take") {
        v1::Taken taken;
        taken_.clear();
        if (answer.type() == "Taken" && taken.ParseFromString(answer.body())) {
            taken_.assign(taken.documents().begin(), taken.documents().end());
        }
    } else {
        if (answer.type() == "Acted") world_.history.note_closed(taken_.back().delivery_id());
        taken_.pop_back();
    }
    // Sometimes slower than the lease of what it has taken.
    const bool slow = world_.faults && world_.random() % 20 == 0;
    const milliseconds pause{slow ? 6'000 : taken_.empty() ? 300 : 2};
    const auto turn = turn_;
    world_.time.in(pause, [this, turn] {
        if (turn != turn_) return;
        taken_.empty() ? take() : acknowledge();
    });
}

}  // namespace pleiade::faults
