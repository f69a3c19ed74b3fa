#include "services/hub/desk.h"

#include "services/hub/answers.h"

namespace pleiade::hub {
namespace {

// A status of a small ledger is computed each time; a costly one is shared for ten times what it took.
constexpr std::chrono::milliseconds kCostlyStatus{20};
constexpr int kSharedForTimesItsCost = 10;
constexpr std::chrono::milliseconds kObserveEvery{1'000};
constexpr int kMessagesPerRound = 64;
constexpr std::size_t kNotedFirstMax = 1'000;

}  // namespace

Desk::Desk(Parts parts)
    : parts_(std::move(parts)),
      server_(parts_.endpoints, parts_.keys),
      door_({Door::Desk, server_, parts_.refused,
             [this](const std::string& type) {
                 return parts_.is_command(type) || queries_.contains(type) || FileServer::knows(type);
             },
             nullptr, parts_.epoch}),
      reader_(ledger::open_reader(parts_.store_url, parts_.ledger_folder, parts_.clock)) {
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

template <class Query, class Answer>
void Desk::know(Answer answer) {
    queries_[Query::descriptor()->name()] = [this, answer](const v1::Envelope& request) {
        const auto query = parse_body<Query>(request);
        if (!query) return refuse(request, query.error(), parts_.epoch);
        try {
            const auto reply = answer(*query);
            if constexpr (requires { reply.error(); }) {
                return answer_or_refuse(request, reply, parts_.epoch);
            } else {
                return bus::answer_to(request, reply, parts_.epoch);
            }
        } catch (const ledger::StoreAway& away) {
            return refuse(request, ledger::store_away(away), parts_.epoch);
        }
    };
}

void Desk::know_queries() {
    know<v1::StatusQuery>([this](const auto&) { return status(); });
    know<v1::DocumentsQuery>([this](const auto& query) { return reader_->documents(query); });
    know<v1::DocumentQuery>([this](const auto& query) { return reader_->document(query.id()); });
    know<v1::PliQuery>([this](const auto& query) { return reader_->pli(query.id()); });
    know<v1::EventsQuery>(
        [this](const auto& query) { return reader_->events(query.after(), query.limit(), query.with_people()); });
    know<v1::AccountsQuery>([this](const auto& query) { return reader_->accounts(query); });
    know<v1::CredentialQuery>([this](const auto& query) { return reader_->credential(query); });
    know<v1::SessionQuery>([this](const auto& query) { return reader_->session(query); });
    know<v1::ApiKeyQuery>([this](const auto& query) { return reader_->api_key(query); });
    know<v1::ApiKeysQuery>([this](const auto&) { return reader_->api_keys(); });
    know<v1::AsideQuery>([this](const auto& query) { return reader_->aside(query); });
    know<v1::RejectionsQuery>([this](const auto& query) { return reader_->rejections(query.limit()); });
    know<v1::WorkersQuery>([this](const auto&) { return parts_.workers.list(parts_.readers_wanted); });
    know<v1::KeyingStockQuery>([this](const auto& query) { return reader_->keying_stock(query); });
    know<v1::RecallsQuery>([this](const auto& query) { return reader_->recalls(query); });
    know<v1::SearchQuery>([this](const auto& query) { return reader_->search(query); });
    know<v1::StoryQuery>([this](const auto& query) { return reader_->story(query); });
    know<v1::LotsQuery>([this](const auto& query) { return reader_->lots(query); });
    know<v1::FiguresQuery>([this](const auto& query) { return reader_->figures(query, status()); });
}

std::vector<std::string> Desk::query_types() const {
    return types_of(queries_);
}

// Who looks for a person is written down before she is told where that person's mail is.
void Desk::search(const bus::Incoming& incoming) {
    const v1::Envelope& request = incoming.envelope;
    const auto query = parse_body<v1::SearchQuery>(request);
    if (query && !query->nir().empty() && query->by().empty()) {
        const Error unnamed{ErrorKind::Invalid, "SEARCHER_REQUIRED", "a search for a NIR says who makes it"};
        server_.send(incoming.peer, refuse(request, unnamed, parts_.epoch));
        return;
    }
    v1::Envelope answer = queries_.at(request.type())(request);
    v1::FoundPlis found;
    const bool answered = answer.type() == v1::FoundPlis::descriptor()->name();
    if (!query || query->nir().empty() || !answered || !found.ParseFromString(answer.body())) {
        server_.send(incoming.peer, answer);
        return;
    }
    if (noted_first_.size() >= kNotedFirstMax) noted_first_.clear();  // asked again, they will be noted again
    noted_first_[{incoming.peer, request.request_id()}] = std::move(answer);
    parts_.commands.put({incoming.peer, request, found.plis_size()});
}

void Desk::send_replies() {
    for (const Letter& reply : parts_.replies.drain()) {
        const auto noted = noted_first_.find({reply.peer, reply.envelope.request_id()});
        if (noted == noted_first_.end()) {
            server_.send(reply.peer, reply.envelope);
            continue;
        }
        const bool refused = reply.envelope.type() == v1::Refused::descriptor()->name();
        server_.send(reply.peer, refused ? reply.envelope : noted->second);
        noted_first_.erase(noted);
    }
}

void Desk::handle(const bus::Incoming& incoming) {
    const v1::Envelope& request = incoming.envelope;
    if (const auto version = check_version(request); !version) {
        server_.send(incoming.peer, refuse(request, version.error(), parts_.epoch));
    } else if (parts_.is_command(request.type())) {
        parts_.commands.put({incoming.peer, request});
    } else if (parts_.files != nullptr && FileServer::knows(request.type())) {
        if (const auto refusal = parts_.files->ask({incoming.peer, request}, parts_.replies)) {
            server_.send(incoming.peer, *refusal);
        }
    } else if (request.type() == v1::SearchQuery::descriptor()->name()) {
        search(incoming);
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
    bool figures_behind = true;
    while (!stop) {
        server_.wait(std::chrono::milliseconds{100}, {parts_.replies.fd()});
        send_replies();
        for (int i = 0; i < kMessagesPerRound; ++i) {
            const auto incoming = door_.receive();
            if (!incoming) break;
            handle(*incoming);
        }
        const auto now = parts_.clock.monotonic();
        const bool due = now - observed_at >= kObserveEvery;
        if (due) observed_at = now;
        try {
            if (due && parts_.observe) parts_.observe(status());
            if (due || figures_behind) figures_behind = !reader_->advance_figures();
        } catch (const ledger::StoreAway&) {
            figures_behind = false;  // until the next second
        }
    }
    // Commands that were committed while we stop get their answer if it is there.
    send_replies();
}

}  // namespace pleiade::hub
