#include "services/hub/desk.h"

#include <set>

#include "services/hub/answers.h"

namespace pleiade::hub {
namespace {

// A status of a small ledger is computed each time; a costly one is shared for ten times what it took.
constexpr std::chrono::milliseconds kCostlyStatus{20};
constexpr int kSharedForTimesItsCost = 10;
constexpr std::chrono::milliseconds kObserveEvery{1'000};
constexpr int kMessagesPerRound = 64;

bool is_command(const std::string& type) {
    static const std::set<std::string> kCommands = {v1::Take::descriptor()->name(),
                                                    v1::Acknowledge::descriptor()->name(),
                                                    v1::ReturnToPlatform::descriptor()->name(),
                                                    v1::Release::descriptor()->name(),
                                                    v1::DrainWorker::descriptor()->name(),
                                                    v1::WantReaders::descriptor()->name()};
    return kCommands.contains(type);
}

}  // namespace

Desk::Desk(Parts parts)
    : parts_(std::move(parts)),
      server_(parts_.endpoint),
      reader_(ledger::open_sqlite_reader(parts_.ledger_folder, parts_.clock)) {
    know_queries();
}

const v1::Status& Desk::status() {
    const auto now = parts_.clock.monotonic();
    if (status_cost_ < kCostlyStatus || now - status_at_ >= status_cost_ * kSharedForTimesItsCost) {
        status_ = reader_->status();
        status_at_ = parts_.clock.monotonic();
        status_cost_ = status_at_ - now;
    }
    return status_;
}

void Desk::know_queries() {
    const auto know = [this]<class Query>(auto answer, const Query*) {
        queries_[Query::descriptor()->name()] = [this, answer](const v1::Envelope& request) {
            const auto query = parse_body<Query>(request);
            if (!query) return refuse(request, query.error(), parts_.epoch);
            return answer(request, *query);
        };
    };
    const auto plain = [this](const v1::Envelope& request, const auto& reply) {
        return bus::answer_to(request, reply, parts_.epoch);
    };
    know([this, plain](const auto& request, const v1::StatusQuery&) { return plain(request, status()); },
         static_cast<const v1::StatusQuery*>(nullptr));
    know(
        [this](const auto& request, const v1::DocumentsQuery& query) {
            return answer_or_refuse(request, reader_->documents(query), parts_.epoch);
        },
        static_cast<const v1::DocumentsQuery*>(nullptr));
    know(
        [this](const auto& request, const v1::DocumentQuery& query) {
            return answer_or_refuse(request, reader_->document(query.id()), parts_.epoch);
        },
        static_cast<const v1::DocumentQuery*>(nullptr));
    know(
        [this](const auto& request, const v1::PliQuery& query) {
            return answer_or_refuse(request, reader_->pli(query.id()), parts_.epoch);
        },
        static_cast<const v1::PliQuery*>(nullptr));
    know(
        [this, plain](const auto& request, const v1::EventsQuery& query) {
            return plain(request, reader_->events(query.after(), query.limit()));
        },
        static_cast<const v1::EventsQuery*>(nullptr));
    know([this, plain](const auto& request,
                       const v1::AsideQuery& query) { return plain(request, reader_->aside(query.limit())); },
         static_cast<const v1::AsideQuery*>(nullptr));
    know([this, plain](const auto& request,
                       const v1::RejectionsQuery& query) { return plain(request, reader_->rejections(query.limit())); },
         static_cast<const v1::RejectionsQuery*>(nullptr));
    know([this, plain](const auto& request,
                       const v1::WorkersQuery&) { return plain(request, parts_.workers.list(parts_.readers_wanted)); },
         static_cast<const v1::WorkersQuery*>(nullptr));
}

void Desk::handle(const bus::Incoming& incoming) {
    const v1::Envelope& request = incoming.envelope;
    if (const auto version = check_version(request); !version) {
        server_.send(incoming.peer, refuse(request, version.error(), parts_.epoch));
    } else if (is_command(request.type())) {
        parts_.commands.put({incoming.peer, request});
    } else if (const auto query = queries_.find(request.type()); query != queries_.end()) {
        server_.send(incoming.peer, query->second(request));
    } else {
        server_.send(
            incoming.peer,
            refuse(request, {ErrorKind::Invalid, "UNKNOWN_TYPE", "this hub does not know that type of message here"},
                   parts_.epoch));
    }
}

void Desk::run(const std::atomic<bool>& stop) {
    MonotonicTime observed_at{};
    while (!stop) {
        server_.wait(std::chrono::milliseconds{100}, parts_.replies.fd());
        for (const Letter& reply : parts_.replies.drain()) server_.send(reply.peer, reply.envelope);
        for (int i = 0; i < kMessagesPerRound; ++i) {
            const auto incoming = server_.receive();
            if (!incoming) break;
            handle(*incoming);
        }
        const auto now = parts_.clock.monotonic();
        if (parts_.observe && now - observed_at >= kObserveEvery) {
            observed_at = now;
            parts_.observe(status());
        }
    }
    // Commands that were committed while we stop get their answer if it is there.
    for (const Letter& reply : parts_.replies.drain()) server_.send(reply.peer, reply.envelope);
}

}  // namespace pleiade::hub
