#include "services/hub/hub.h"

#include <sys/statvfs.h>

#include <exception>
#include <thread>

#include "common/base/failpoint.h"
#include "common/bus/router_server.h"
#include "common/runtime/log.h"
#include "services/hub/desk.h"
#include "services/hub/dispatcher.h"
#include "services/hub/metrics.h"

namespace pleiade::hub {
namespace {

constexpr int kBatchMessagesMax = 256;
constexpr std::chrono::milliseconds kBatchTimeMax{5};
constexpr std::chrono::milliseconds kSleepMax{100};
constexpr std::chrono::milliseconds kExpireEvery{100};
constexpr std::chrono::milliseconds kLookAtDiskEvery{1'000};
constexpr std::chrono::seconds kStuckAfter{10};

std::uint64_t free_bytes(const std::string& folder) {
    struct statvfs status {};
    if (::statvfs(folder.c_str(), &status) != 0) return 0;
    return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

}  // namespace

struct Hub::Parts {
    explicit Parts(HubOptions given)
        : options(std::move(given)),
          clock(*options.ledger.clock),
          ledger(ledger::open_sqlite_ledger(options.ledger)),
          workers(clock),
          readers_wanted(ledger->readers_wanted()),
          dispatcher(*ledger, workers, counts, [this] { return why_full(); }),
          work(options.work_endpoint),
          metrics(options.registry ? std::make_unique<Metrics>(options.registry) : nullptr),
          desk({options.desk_endpoint, options.ledger.folder, clock, workers, readers_wanted, commands, replies,
                [this](const std::string& type) { return dispatcher.knows_command(type); }, ledger->epoch(),
                [this](const v1::Status& status) { observe(status); }}) {
        counts.last_round_ms = clock.monotonic().time_since_epoch().count();
    }

    // New mail needs room for its pages too; what is registered must be able to end.
    std::string why_full() {
        const auto now = clock.monotonic();
        if (now - looked_at_disk >= kLookAtDiskEvery || looked_at_disk == MonotonicTime{}) {
            looked_at_disk = now;
            disk_is_full = free_bytes(options.ledger.folder) < options.disk_free_bytes_min;
        }
        return disk_is_full ? "the ledger's disk is nearly full; make room, the mail will then go on by itself" : "";
    }

    void observe(const v1::Status& status) {
        if (metrics) metrics->observe(status, workers.list(readers_wanted), counts);
    }

    void round();
    int fill_batch(std::vector<Letter>& work_answers, std::vector<Letter>& desk_answers);

    HubOptions options;
    const Clock& clock;
    std::unique_ptr<ledger::Ledger> ledger;
    Workers workers;
    FlowCounts counts;
    std::atomic<int> readers_wanted;
    MonotonicTime looked_at_disk{};
    bool disk_is_full = false;
    Dispatcher dispatcher;
    bus::RouterServer work;
    Mailbox<Letter> commands;
    Mailbox<Letter> replies;
    std::unique_ptr<Metrics> metrics;
    Desk desk;
    MonotonicTime expired_at{};
};

int Hub::Parts::fill_batch(std::vector<Letter>& work_answers, std::vector<Letter>& desk_answers) {
    const auto until = clock.monotonic() + kBatchTimeMax;
    int messages = 0;
    for (const Letter& command : commands.drain()) {
        desk_answers.push_back({command.peer, command.search_found
                                                  ? dispatcher.note_search(command.envelope, *command.search_found)
                                                  : dispatcher.command(command.envelope)});
        ++messages;
    }
    while (messages < kBatchMessagesMax) {
        const auto incoming = work.receive();
        if (!incoming) break;
        work_answers.push_back({incoming->peer, dispatcher.work(incoming->peer, incoming->envelope)});
        ++messages;
        if (clock.monotonic() >= until) break;
    }
    const auto now = clock.monotonic();
    if (now - expired_at >= kExpireEvery) {
        expired_at = now;
        const ledger::Expired expired = ledger->expire();
        counts.expired += static_cast<std::uint64_t>(expired.tasks);
        counts.lapsed += static_cast<std::uint64_t>(expired.documents + expired.keyings);
        if (expired.tasks > 0) {
            runtime::log_warning("leases ended without an answer",
                                 {{"pleiade.tasks", static_cast<std::int64_t>(expired.tasks)}});
        }
    }
    return messages;
}

void Hub::Parts::round() {
    work.wait(kSleepMax, commands.fd());
    std::vector<Letter> work_answers;
    std::vector<Letter> desk_answers;
    ledger->begin();
    const int messages = fill_batch(work_answers, desk_answers);
    const auto before = std::chrono::steady_clock::now();
    const bool durable = ledger->commit();
    if (durable && metrics) {
        metrics->committed(std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count(), messages);
    }
    PLEIADE_FAILPOINT("hub.before_answer");
    readers_wanted = ledger->readers_wanted();
    for (const Letter& answer : work_answers) work.send(answer.peer, answer.envelope);
    for (Letter& answer : desk_answers) replies.put(std::move(answer));
    counts.garbage = work.garbage_count();
    counts.last_round_ms = clock.monotonic().time_since_epoch().count();
}

Hub::Hub(HubOptions options) : parts_(std::make_unique<Parts>(std::move(options))) {}
Hub::~Hub() = default;

std::uint64_t Hub::epoch() const {
    return parts_->ledger->epoch();
}

void Hub::run(const std::atomic<bool>& stop) {
    std::atomic<bool> desk_stop{false};
    std::atomic<bool> desk_failed{false};
    std::exception_ptr desk_error;
    std::thread desk([&] {
        try {
            parts_->desk.run(desk_stop);
        } catch (...) {
            desk_error = std::current_exception();
            desk_failed = true;
        }
    });
    std::exception_ptr error;
    try {
        while (!stop && !desk_failed) parts_->round();
    } catch (...) {
        error = std::current_exception();
    }
    desk_stop = true;
    desk.join();
    if (error) std::rethrow_exception(error);
    if (desk_error) std::rethrow_exception(desk_error);
}

std::vector<runtime::ReadyCheck> Hub::ready_checks() const {
    const auto quiet = std::chrono::milliseconds{parts_->clock.monotonic().time_since_epoch().count() -
                                                 parts_->counts.last_round_ms.load()};
    return {{"store", quiet < kStuckAfter, "the store has not committed for a while; look at the disk and the logs"},
            {"disk", free_bytes(parts_->options.ledger.folder) >= parts_->options.disk_free_bytes_min,
             "the ledger's disk is nearly full; make room"},
            {"schema", true, ""}};
}

}  // namespace pleiade::hub
