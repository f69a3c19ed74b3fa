#include "tests/faults/keyer.h"

namespace pleiade::faults {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLookEvery{1'500};

}  // namespace

void Keyer::next() {
    v1::NextToKey question;
    question.set_by("ann");
    question.set_medical(true);
    say(question, "next");
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
    say(keyed, "validate");
}

void Keyer::hear(const v1::Envelope& answer) {
    const std::string asked = heard(answer);
    if (asked.empty()) return;
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
    then(milliseconds{20}, [this, job = jobs.jobs(0)] { validate(job); });
}

}  // namespace pleiade::faults
