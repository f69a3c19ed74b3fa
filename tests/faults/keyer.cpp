#include "tests/faults/keyer.h"

#include <fmt/format.h>

#include "common/bus/limits.h"

namespace pleiade::faults {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kSayAgainAfter{1'000};
constexpr milliseconds kLookEvery{1'500};

}  // namespace

void Keyer::start() {
    life_ = std::to_string(world_.random());
    next();
}

void Keyer::say(const google::protobuf::Message& message, const std::string& key) {
    said_.Clear();
    said_.set_version(bus::kProtocolVersion);
    said_.set_type(message.GetDescriptor()->name());
    said_.set_body(message.SerializeAsString());
    said_.set_request_id(request_id(world_.random));
    said_.set_idempotency_key(key);
    repeat(++turn_);
}

void Keyer::repeat(std::uint64_t turn) {
    if (turn != turn_) return;
    world_.send("keyer", said_, true);
    world_.time.in(kSayAgainAfter, [this, turn] { repeat(turn); });
}

void Keyer::rest(milliseconds pause) {
    const auto turn = ++turn_;
    world_.time.in(pause, [this, turn] {
        if (turn == turn_) next();
    });
}

void Keyer::next() {
    v1::NextToKey question;
    question.set_by("ann");
    question.set_medical(true);
    say(question, fmt::format("next {} {}", life_, ++keys_));
}

void Keyer::validate(const v1::KeyingJob& job) {
    v1::ValidateKeying keyed;
    keyed.set_id(job.lease().id());
    keyed.set_by("ann");
    keyed.set_fence(job.lease().fence());
    for (const auto& document : job.documents()) {
        v1::KeyedDocument& settled = *keyed.add_documents();
        settled.set_number(document.reading().id());
        settled.set_type(document.reading().type());
        *settled.mutable_pages() = document.reading().pages();
        settled.set_skip_doubts(true);
    }
    say(keyed, fmt::format("validate {} {}", life_, ++keys_));
}

void Keyer::hear(const v1::Envelope& answer) {
    if (answer.request_id() != said_.request_id() || said_.type().empty()) return;
    const std::string asked = said_.type();
    said_.set_type("");
    ++turn_;
    if (asked == v1::ValidateKeying::descriptor()->name()) {
        v1::KeyingValidated validated;
        const bool done = answer.type() == v1::KeyingValidated::descriptor()->name() &&
                          validated.ParseFromString(answer.body()) && validated.problems_size() == 0;
        if (done) world_.history.note_keyed(pli_);
        return rest(milliseconds{10});
    }
    v1::KeyingJobs jobs;
    if (answer.type() != v1::KeyingJobs::descriptor()->name() || !jobs.ParseFromString(answer.body()) ||
        jobs.jobs().empty()) {
        return rest(kLookEvery);
    }
    const bool called_away = std::exchange(world_.leave_once, false) || (world_.faults && world_.random() % 6 == 0);
    if (called_away) return rest(milliseconds{4'000});
    pli_ = jobs.jobs(0).pli_id();
    const v1::KeyingJob job = jobs.jobs(0);
    const auto turn = turn_;
    world_.time.in(milliseconds{20}, [this, turn, job] {
        if (turn == turn_) validate(job);
    });
}

}  // namespace pleiade::faults
