#include "services/hub/batch.h"

#include "common/base/failpoint.h"
#include "common/runtime/log.h"
#include "services/hub/answers.h"

namespace pleiade::hub {
namespace {

constexpr int kBatchMessagesMax = 256;
constexpr std::chrono::milliseconds kBatchTimeMax{5};
constexpr std::chrono::milliseconds kExpireEvery{100};

}  // namespace

std::vector<Batch::Answer> Batch::fill(const std::vector<Letter>& commands, const Receive& receive) {
    const auto until = clock_.monotonic() + kBatchTimeMax;
    std::vector<Answer> answers;
    for (const Letter& command : commands) {
        answers.push_back(
            {To::Desk,
             {command.peer, command.search_found ? dispatcher_.note_search(command.envelope, *command.search_found)
                                                 : dispatcher_.command(command.envelope)}});
    }
    while (answers.size() < kBatchMessagesMax) {
        const auto incoming = receive();
        if (!incoming) break;
        answers.push_back({To::Worker, {incoming->peer, dispatcher_.work(incoming->peer, incoming->envelope)}});
        if (clock_.monotonic() >= until) break;
    }
    return answers;
}

void Batch::expire() {
    const auto now = clock_.monotonic();
    if (now - expired_at_ < kExpireEvery) return;
    expired_at_ = now;
    const ledger::Expired expired = ledger_.expire();
    counts_.expired += static_cast<std::uint64_t>(expired.tasks);
    counts_.lapsed += static_cast<std::uint64_t>(expired.documents + expired.keyings);
    if (expired.tasks > 0) {
        runtime::log_warning("leases ended without an answer",
                             {{"pleiade.tasks", static_cast<std::int64_t>(expired.tasks)}});
    }
}

// A person waits for the answer; whether it was committed after all, the same key finds out.
void Batch::refuse_commands(const std::vector<Letter>& commands, const Error& why, const Leave& leave) {
    for (const Letter& command : commands) {
        leave(To::Desk, {command.peer, refuse(command.envelope, why, ledger_.epoch())});
    }
}

Batch::Outcome Batch::run(const std::vector<Letter>& commands, const Receive& receive, const Leave& leave) {
    std::vector<Answer> answers;
    Outcome outcome;
    auto before = std::chrono::steady_clock::now();
    const auto durable = ledger::in_one_batch(ledger_, [&] {
        answers = fill(commands, receive);
        expire();
        outcome.messages = static_cast<int>(answers.size());
        if (PLEIADE_PLANTED_BUG("ack_before_commit")) {
            for (Answer& answer : answers) leave(answer.to, std::move(answer.letter));
            answers.clear();
        }
        before = std::chrono::steady_clock::now();
    });
    if (!durable) {
        outcome.away = true;
        refuse_commands(commands, durable.error(), leave);
        return outcome;
    }
    outcome.durable = *durable;
    outcome.commit = std::chrono::steady_clock::now() - before;
    if (PLEIADE_FAILPOINT("hub.before_answer") == failpoint::kDrop) return outcome;
    for (Answer& answer : answers) leave(answer.to, std::move(answer.letter));
    return outcome;
}

}  // namespace pleiade::hub
