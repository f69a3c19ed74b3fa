#include "tests/faults/actors.h"

#include "common/base/sha256.h"
#include "common/bus/limits.h"
#include "tests/faults/stub_result.h"

namespace pleiade::faults {

using std::chrono::milliseconds;

void Worker::ask() {
    v1::Ready ready;
    ready.set_worker(peer_);
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
    then(pause, [this] { ask(); });
}

void Worker::die() {
    ++life_;
    rest(milliseconds{200 + static_cast<int>(world_.random() % 800)});
}

void Worker::begin(const v1::Envelope& granted) {
    if (!lease_.ParseFromString(granted.body())) return rest(milliseconds{1'000});
    task_ = granted.task_id();
    fence_ = granted.fence();
    renewal_.clear();
    doing_ = Doing::Working;
    if (world_.poisons.contains(lease_.context().lot() + "/" + lease_.context().pli())) return die();
    const bool trouble = world_.faults;
    if (trouble && world_.random() % 25 == 0) return die();
    stalled_ = std::exchange(world_.leave_once, false) || (trouble && world_.random() % 12 == 0);
    // A stalled worker wakes up after its lease and answers all the same: a zombie.
    const int work_ms = stalled_ ? static_cast<int>(lease_.lease_ms() + 200 + world_.random() % 3'000)
                                 : static_cast<int>(5 + world_.random() % 300);
    then(milliseconds{work_ms}, [this] { tell(); });
    renew(turn());
}

void Worker::renew(std::uint64_t during) {
    if (during != turn() || doing_ != Doing::Working || stalled_) return;
    v1::Envelope message;
    message.set_version(bus::kProtocolVersion);
    message.set_type("Renew");
    renewal_ = request_id(world_.random);
    message.set_request_id(renewal_);
    message.set_task_id(task_);
    message.set_fence(fence_);
    send(message);
    world_.time.in(milliseconds{lease_.lease_ms() / 3}, [this, during] { renew(during); });
}

void Worker::tell() {
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
    if (doing_ != Doing::Asking && doing_ != Doing::Telling) return;  // an answer to another life, or said twice
    if (heard(answer).empty()) return;
    if (doing_ == Doing::Asking) {
        if (answer.type() == "Lease") return begin(answer);
        return rest(milliseconds{50 + static_cast<int>(world_.random() % 200)});
    }
    if (answer.type() == "Ack") world_.history.note_result(peer_, task_, std::to_string(fence_));
    if (answer.type() == "Stale") ++stale_;
    rest(milliseconds{1});
}

void Service::take() {
    v1::Take take;
    take.set_caisse("595");
    take.set_service(commands() % 2 == 0 ? "IJ" : "ELSM");
    take.set_count(3);
    take.set_by(peer_);
    say(take, "take");
}

void Service::acknowledge() {
    v1::Acknowledge receipt;
    receipt.set_document(taken_.back().row().id());
    receipt.set_by(peer_);
    receipt.set_fence(taken_.back().fence());
    say(receipt, "receipt");
}

void Service::hear(const v1::Envelope& answer) {
    const std::string asked = heard(answer);
    if (asked.empty()) return;
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
    then(milliseconds{slow ? 6'000 : taken_.empty() ? 300 : 2}, [this] { taken_.empty() ? take() : acknowledge(); });
}

}  // namespace pleiade::faults
