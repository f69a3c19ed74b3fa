#include "services/hub/hub.h"

#include <exception>
#include <thread>
#include <utility>

#include "common/bus/limits.h"
#include "common/bus/router_server.h"
#include "common/runtime/log.h"
#include "services/hub/answers.h"
#include "services/hub/batch.h"
#include "services/hub/desk.h"
#include "services/hub/disk_room.h"
#include "services/hub/dispatcher.h"
#include "services/hub/doorkeeper.h"
#include "services/hub/file_server.h"
#include "services/hub/metrics.h"
#include "services/hub/refused.h"

namespace pleiade::hub {
namespace {

constexpr std::chrono::milliseconds kSleepMax{100};
constexpr int kFilesAtOnce = 64;
constexpr std::chrono::seconds kStuckAfter{10};
constexpr std::chrono::milliseconds kAskAgain{200};  // a store that is away
constexpr std::chrono::seconds kWriteRefusedEvery{1};

}  // namespace

struct Hub::Parts {
    explicit Parts(HubOptions given)
        : options(std::move(given)),
          clock(*options.ledger.clock),
          room(options.ledger.folder, options.disk_free_bytes_min, clock),
          ledger(ledger::open_ledger(options.ledger)),
          workers(clock),
          readers_wanted(ledger->readers_wanted()),
          dispatcher(*ledger, workers, counts, [this] { return why_full(); }),
          batch(*ledger, dispatcher, counts, clock),
          work(options.work_endpoints, options.keys),
          door({Door::Work, work, refused,
                [this](const std::string& type) { return dispatcher.knows_work(type) || FileServer::knows(type); },
                [this](const v1::Envelope& request) { return holder_of(request); }, ledger->epoch()}),
          files(options.vault == nullptr
                    ? nullptr
                    : std::make_unique<FileServer>(*options.vault, clock, ledger->epoch(), counts)),
          metrics(options.registry ? std::make_unique<Metrics>(options.registry) : nullptr),
          desk({options.desk_endpoints, options.keys, refused, options.ledger.url, options.ledger.folder, clock,
                workers, readers_wanted, commands, replies, files.get(),
                [this](const std::string& type) { return dispatcher.knows_command(type); }, ledger->epoch(),
                [this](const v1::Status& status) { observe(status); }}) {
        counts.last_round_ms = clock.monotonic().time_since_epoch().count();
    }

    // New mail needs room for its pages too; what is registered must be able to end.
    std::string why_full() {
        return room.full() ? "the ledger's disk is nearly full; make room, the mail will then go on by itself" : "";
    }
    void observe(const v1::Status& status) {
        if (!metrics) return;
        metrics->observe(clock.monotonic(), status, workers.list(readers_wanted), counts);
        metrics->refused(refused.totals());
    }

    // A store that is away knows of none; the batch then finds it away.
    std::optional<std::string> holder_of(const v1::Envelope& request) {
        try {
            return ledger->holder(request.task_id(), request.fence());
        } catch (const ledger::StoreAway&) {
            return std::nullopt;
        }
    }
    bool is_for_files(const std::string& type) const { return files && FileServer::knows(type); }
    std::optional<bus::Incoming> take_work();
    std::optional<v1::Envelope> ask_for_file(const bus::Incoming& incoming);
    void write_refused();
    void round();

    HubOptions options;
    const Clock& clock;
    DiskRoom room;  // before the ledger, which a full disk would keep from opening
    std::unique_ptr<ledger::Ledger> ledger;
    Workers workers;
    FlowCounts counts;
    std::atomic<int> readers_wanted;
    Dispatcher dispatcher;
    Batch batch;
    Refused refused;
    bus::RouterServer work;
    Doorkeeper door;
    Mailbox<Letter> commands;
    Mailbox<Letter> replies;
    Mailbox<Letter> file_answers;       // to those at the work endpoint
    std::unique_ptr<FileServer> files;  // after the mailboxes that it fills
    std::unique_ptr<Metrics> metrics;
    Desk desk;
    bool away = false;
    MonotonicTime batch_at{};
    MonotonicTime refused_written_at{};
};

// A hub whose store is away sends those on who would find a lease at another.
std::optional<v1::Envelope> Hub::Parts::ask_for_file(const bus::Incoming& incoming) {
    ++counts.messages;
    if (!away) return files->ask({incoming.peer, incoming.envelope}, file_answers);
    const Error gone{ErrorKind::Unavailable, bus::kStoreUnavailable, "the store is away; another hub may have it"};
    return refuse(incoming.envelope, gone, ledger->epoch());
}

// What goes into a batch. A question for a file goes by it to those who read, and its answer leaves by itself.
std::optional<bus::Incoming> Hub::Parts::take_work() {
    for (int i = 0; i < kFilesAtOnce; ++i) {
        auto incoming = door.receive();
        if (!incoming || !is_for_files(incoming->envelope.type())) return incoming;
        const auto refusal = ask_for_file(*incoming);
        if (!refusal) continue;
        ++counts.refused;
        work.send(incoming->peer, *refusal);
    }
    return std::nullopt;
}

// In a transaction of its own, apart from the mail's.
void Hub::Parts::write_refused() {
    const auto now = clock.monotonic();
    if (now - refused_written_at < kWriteRefusedEvery) return;
    refused_written_at = now;
    const auto due = refused.due(now);
    if (due.empty()) return;
    const auto written = ledger::in_one_batch(*ledger, [&] {
        for (const auto& peer : due) ledger->note_refused(peer);
    });
    if (!written) refused.again(due);
}

void Hub::Parts::round() {
    work.wait(kSleepMax, {commands.fd(), file_answers.fd()});
    (void)room.full();  // who brings mail may have stopped for the same reason: the alarm does not wait for it
    for (const Letter& answer : file_answers.drain()) work.send(answer.peer, answer.envelope);
    const auto said = commands.drain();
    auto first = take_work();
    // Files alone ask nothing of the store.
    if (said.empty() && !first && clock.monotonic() - batch_at < kSleepMax / 2) return;
    batch_at = clock.monotonic();
    const auto outcome = batch.run(
        said, [&] { return first ? std::exchange(first, std::nullopt) : take_work(); },
        [this](Batch::To to, Letter answer) {
            readers_wanted = ledger->readers_wanted();  // before the answer leaves: who is told so then sees it
            if (to == Batch::To::Desk) return replies.put(std::move(answer));
            work.send(answer.peer, answer.envelope);
        });
    if (outcome.away != away) {
        away = outcome.away;
        if (away) runtime::log_warning("the store is away; what is not answered will be said again", {});
        if (!away) runtime::log_info("the store is back", {});
    }
    if (away) {
        std::this_thread::sleep_for(kAskAgain);
        return;  // no round: the hub is not ready as long as this lasts
    }
    if (outcome.durable && metrics) metrics->committed(outcome.commit.count(), outcome.messages);
    write_refused();
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

std::vector<std::string> Hub::endpoints(Door door) const {
    return (door == Door::Work ? parts_->work : parts_->desk.server()).endpoints();
}

std::vector<std::string> Hub::messages(Door door) const {
    auto types = door == Door::Work ? parts_->dispatcher.work_types() : parts_->dispatcher.command_types();
    const auto add = [&](const std::vector<std::string>& more) { types.insert(types.end(), more.begin(), more.end()); };
    if (door == Door::Desk) add(parts_->desk.query_types());
    add(FileServer::types());
    return types;
}

std::vector<runtime::ReadyCheck> Hub::ready_checks() const {
    const std::string keys = parts_->work.keys_problem();
    const auto quiet = std::chrono::milliseconds{parts_->clock.monotonic().time_since_epoch().count() -
                                                 parts_->counts.last_round_ms.load()};
    return {{"store", quiet < kStuckAfter, "the store has not committed for a while; look at the disk and the logs"},
            {"disk", !parts_->room.seen_full(),
             "make room on the ledger's disk: below hub.disk_free_bytes_min new mail waits"},
            {"keys", keys.empty(), keys},
            {"schema", true, ""}};
}

}  // namespace pleiade::hub
