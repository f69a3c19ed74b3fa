#include "services/hub/dispatcher.h"

#include "common/base/failpoint.h"
#include "common/base/sha256.h"
#include "common/domain/readers_wanted.h"
#include "services/hub/answers.h"

namespace pleiade::hub {
namespace {

std::string hex_of(const std::string& bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string hex;
    for (const char byte : bytes) {
        hex += kDigits[static_cast<unsigned char>(byte) >> 4];
        hex += kDigits[static_cast<unsigned char>(byte) & 15];
    }
    return hex;
}

// A command said again by a client that gave no key is still the same request.
ledger::Asked asked_by(const std::string& actor, const v1::Envelope& request) {
    std::string key = request.idempotency_key();
    if (key.empty() && !request.request_id().empty()) key = "request-" + hex_of(request.request_id());
    return {actor, key, sha256_hex(request.type() + "\n" + request.body())};
}

}  // namespace

Dispatcher::Dispatcher(ledger::Ledger& ledger, Workers& workers, FlowCounts& counts, std::function<std::string()> admit)
    : ledger_(ledger), workers_(workers), counts_(counts), admit_(std::move(admit)) {
    know_ingest();
    know_workers();
    know_commands();
}

v1::Envelope Dispatcher::work(const std::string& peer, const v1::Envelope& request) {
    return dispatch(work_, peer, request);
}
v1::Envelope Dispatcher::command(const v1::Envelope& request) {
    return dispatch(commands_, "", request);
}

v1::Envelope Dispatcher::dispatch(const std::map<std::string, Handler>& handlers, const std::string& peer,
                                  const v1::Envelope& request) {
    PLEIADE_FAILPOINT("hub.received");
    ++counts_.messages;
    v1::Envelope answer;
    if (const auto version = check_version(request); !version) {
        answer = refuse(request, version.error(), ledger_.epoch());
    } else if (const auto handler = handlers.find(request.type()); handler == handlers.end()) {
        answer =
            refuse(request, {ErrorKind::Invalid, "UNKNOWN_TYPE", "this hub does not know that type of message here"},
                   ledger_.epoch());
    } else {
        answer = handler->second(peer, request);
    }
    if (answer.type() == v1::Refused::descriptor()->name()) ++counts_.refused;
    return answer;
}

void Dispatcher::know_ingest() {
    const auto ingest = [this]<class Message, class Reply>(
                            Result<Reply> (ledger::Ledger::*apply)(const ledger::Asked&, const Message&), bool grows) {
        work_[Message::descriptor()->name()] = [this, apply, grows](const std::string&, const v1::Envelope& request) {
            const auto message = parse_body<Message>(request);
            if (!message) return refuse(request, message.error(), ledger_.epoch());
            if (const std::string full = grows ? admit_() : ""; !full.empty()) {
                return refuse(request, {ErrorKind::Unavailable, "STORE_NEARLY_FULL", full}, ledger_.epoch());
            }
            // The keys of ingest are digests of the content: the rest of the body may differ from one try to the next.
            const ledger::Asked asked{"ingest", request.idempotency_key(), ""};
            return answer_or_refuse(request, (ledger_.*apply)(asked, *message), ledger_.epoch());
        };
    };
    ingest(&ledger::Ledger::open_lot, true);
    ingest(&ledger::Ledger::register_pli, true);
    ingest(&ledger::Ledger::reject, false);
}

void Dispatcher::know_workers() {
    work_[v1::Ready::descriptor()->name()] = [this](const std::string& peer, const v1::Envelope& request) {
        return ready(peer, request);
    };
    work_[v1::Renew::descriptor()->name()] = [this](const std::string& peer, const v1::Envelope& request) {
        workers_.renewed(peer);
        const auto verdict = ledger_.renew(request.task_id(), request.fence());
        if (verdict == ledger::Verdict::Accepted) return bus::answer_to(request, v1::Ok{}, ledger_.epoch());
        ++counts_.stale;
        return bus::answer_to(request, v1::Stale{}, ledger_.epoch());
    };
    work_[v1::Done::descriptor()->name()] = [this](const std::string& peer, const v1::Envelope& request) {
        return done(peer, request);
    };
    work_[v1::Nack::descriptor()->name()] = [this](const std::string& peer, const v1::Envelope& request) {
        const auto nack = parse_body<v1::Nack>(request);
        if (!nack) return refuse(request, nack.error(), ledger_.epoch());
        workers_.ended(peer);
        ++counts_.failures;
        return verdict(request, ledger_.give_up(request.task_id(), request.fence(), *nack));
    };
}

v1::Envelope Dispatcher::ready(const std::string& peer, const v1::Envelope& request) {
    const auto ready = parse_body<v1::Ready>(request);
    if (!ready) return refuse(request, ready.error(), ledger_.epoch());
    if (ready->worker().empty()) {
        return refuse(
            request,
            {ErrorKind::Invalid, "WORKER_UNNAMED", "a worker has a name, which is also the identity of its socket"},
            ledger_.epoch());
    }
    const Workers::Advice advice = workers_.ready(peer, *ready);
    v1::Empty empty;
    empty.set_retry_ms(advice.retry_ms);
    empty.set_drain(advice.drain);
    if (ready->credit() <= 0 || advice.drain) return bus::answer_to(request, empty, ledger_.epoch());

    auto granted = ledger_.lease({ready->worker(),
                                  ready->started_at_ms(),
                                  request.request_id(),
                                  {ready->stages().begin(), ready->stages().end()}});
    if (!granted) return bus::answer_to(request, empty, ledger_.epoch());
    ++counts_.leases;
    workers_.leased(ready->worker(), granted->task_id, granted->lease.pli_id());
    v1::Envelope answer = bus::answer_to(request, granted->lease, ledger_.epoch());
    answer.set_task_id(granted->task_id);
    answer.set_fence(granted->fence);
    return answer;
}

v1::Envelope Dispatcher::done(const std::string& peer, const v1::Envelope& request) {
    const auto done = parse_body<v1::Done>(request);
    if (!done) return refuse(request, done.error(), ledger_.epoch());
    if (sha256_hex(request.body()) != request.content_sha256()) {
        return refuse(request,
                      {ErrorKind::Invalid, "DIGEST_MISMATCH", "the result is not the one that its digest announces"},
                      ledger_.epoch());
    }
    workers_.ended(peer);
    const auto finished = ledger_.finish(request.task_id(), request.fence(), request.content_sha256(), *done);
    if (!finished) {
        ++counts_.failures;
        return refuse(request, finished.error(), ledger_.epoch());
    }
    if (*finished == ledger::Verdict::Accepted) ++counts_.results;
    return verdict(request, *finished);
}

v1::Envelope Dispatcher::verdict(const v1::Envelope& request, ledger::Verdict verdict) {
    if (verdict == ledger::Verdict::Accepted) return bus::answer_to(request, v1::Ack{}, ledger_.epoch());
    ++counts_.stale;
    return bus::answer_to(request, v1::Stale{}, ledger_.epoch());
}

template <class Command, class Reply>
Dispatcher::Handler Dispatcher::command_of(Result<Reply> (ledger::Ledger::*apply)(const ledger::Asked&,
                                                                                  const Command&)) {
    return [this, apply](const std::string&, const v1::Envelope& request) {
        const auto command = parse_body<Command>(request);
        if (!command) return refuse(request, command.error(), ledger_.epoch());
        return answer_or_refuse(request, (ledger_.*apply)(asked_by(command->by(), request), *command), ledger_.epoch());
    };
}

v1::Envelope Dispatcher::note_search(const v1::Envelope& request, int found) {
    const auto query = parse_body<v1::SearchQuery>(request);
    if (!query) return refuse(request, query.error(), ledger_.epoch());
    ledger_.note_search({query->by(), "", ""}, found);
    return bus::answer_to(request, v1::Ok{}, ledger_.epoch());
}

bool Dispatcher::knows_command(const std::string& type) const {
    return commands_.contains(type);
}
std::vector<std::string> Dispatcher::work_types() const {
    return types_of(work_);
}
std::vector<std::string> Dispatcher::command_types() const {
    return types_of(commands_);
}

void Dispatcher::know_commands() {
    commands_[v1::Take::descriptor()->name()] = command_of(&ledger::Ledger::take);
    commands_[v1::Acknowledge::descriptor()->name()] = command_of(&ledger::Ledger::acknowledge);
    commands_[v1::ReturnToPlatform::descriptor()->name()] = command_of(&ledger::Ledger::return_to_platform);
    commands_[v1::Release::descriptor()->name()] = command_of(&ledger::Ledger::release);
    commands_[v1::NextToKey::descriptor()->name()] = command_of(&ledger::Ledger::next_to_key);
    commands_[v1::OpenToKey::descriptor()->name()] = command_of(&ledger::Ledger::open_to_key);
    commands_[v1::RenewKeying::descriptor()->name()] = command_of(&ledger::Ledger::renew_keying);
    commands_[v1::SaveDraft::descriptor()->name()] = command_of(&ledger::Ledger::save_draft);
    commands_[v1::ReleaseKeying::descriptor()->name()] = command_of(&ledger::Ledger::release_keying);
    commands_[v1::HoldKeying::descriptor()->name()] = command_of(&ledger::Ledger::hold_keying);
    commands_[v1::SendKeying::descriptor()->name()] = command_of(&ledger::Ledger::send_keying);
    commands_[v1::ValidateKeying::descriptor()->name()] = command_of(&ledger::Ledger::validate_keying);
    commands_[v1::UndoKeying::descriptor()->name()] = command_of(&ledger::Ledger::undo_keying);
    commands_[v1::RecallDocument::descriptor()->name()] = command_of(&ledger::Ledger::recall);
    commands_[v1::AnswerRecall::descriptor()->name()] = command_of(&ledger::Ledger::answer_recall);
    commands_[v1::Recover::descriptor()->name()] = command_of(&ledger::Ledger::recover);
    commands_[v1::SaveAccount::descriptor()->name()] = command_of(&ledger::Ledger::save_account);
    commands_[v1::SetAccountState::descriptor()->name()] = command_of(&ledger::Ledger::set_account_state);
    commands_[v1::SetPassword::descriptor()->name()] = command_of(&ledger::Ledger::set_password);
    commands_[v1::NoteLoginFailure::descriptor()->name()] = command_of(&ledger::Ledger::note_login_failure);
    commands_[v1::OpenSession::descriptor()->name()] = command_of(&ledger::Ledger::open_session);
    commands_[v1::TouchSession::descriptor()->name()] = command_of(&ledger::Ledger::touch_session);
    commands_[v1::CloseSession::descriptor()->name()] = command_of(&ledger::Ledger::close_session);
    commands_[v1::AddApiKey::descriptor()->name()] = command_of(&ledger::Ledger::add_api_key);
    commands_[v1::RevokeApiKey::descriptor()->name()] = command_of(&ledger::Ledger::revoke_api_key);
    commands_[v1::NoteViews::descriptor()->name()] = command_of(&ledger::Ledger::note_views);
    commands_[v1::DrainWorker::descriptor()->name()] = [this](const std::string&, const v1::Envelope& request) {
        const auto drain = parse_body<v1::DrainWorker>(request);
        if (!drain) return refuse(request, drain.error(), ledger_.epoch());
        if (!workers_.drain(drain->worker())) {
            return refuse(request, {ErrorKind::NotFound, "WORKER_UNKNOWN", "no worker of that name has been seen"},
                          ledger_.epoch());
        }
        return bus::answer_to(request, v1::Ok{}, ledger_.epoch());
    };
    commands_[v1::WantReaders::descriptor()->name()] = [this](const std::string&, const v1::Envelope& request) {
        const auto wanted = parse_body<v1::WantReaders>(request);
        if (!wanted) return refuse(request, wanted.error(), ledger_.epoch());
        if (wanted->readers() < kReadersAuto || wanted->readers() > kReadersMax) {
            return refuse(request, {ErrorKind::Invalid, "READERS_INVALID", "ask for 0 to 256 readers, or auto"},
                          ledger_.epoch());
        }
        if (wanted->readers() != ledger_.readers_wanted()) {
            ledger_.want_readers(asked_by("desk", request), wanted->readers());
        }
        v1::Wanted answer;
        answer.set_readers(ledger_.readers_wanted());
        return bus::answer_to(request, answer, ledger_.epoch());
    };
}

}  // namespace pleiade::hub
