#include "tests/web/fake/fake_desk.h"

#include <algorithm>
#include <chrono>
#include <tuple>

namespace pleiade::gateway::fake {

namespace {

std::int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

}  // namespace

std::optional<Error> FakeDesk::failing(const std::string& method) {
    ++calls_[method];
    return error_;
}

v1::Event FakeDesk::event(const std::string& kind, const std::string& document, const std::string& from,
                          const std::string& to) {
    v1::Event event;
    event.set_seq(++seq_);
    event.set_at_ms(now_ms());
    event.set_kind(kind);
    event.set_document_id(document);
    event.set_pli_id(document.substr(0, document.find('-')));
    event.set_from_state(from);
    event.set_to_state(to);
    events_.push_back(event);
    return event;
}

void FakeDesk::add(v1::DocumentView view) {
    const std::lock_guard lock(mutex_);
    const auto id = view.row().id();
    if (view.history().empty()) {
        auto read = event("read", id, "", "READ");
        read.set_actor("reader-1");
        *view.add_history() = read;
        auto routed = event("routed", id, "READ", view.row().state());
        routed.set_actor("router-1");
        *view.add_history() = routed;
    }
    held_[id] = {std::move(view), 0};
}

void FakeDesk::add_rejection(v1::RejectionRow row) {
    const std::lock_guard lock(mutex_);
    rejections_.push_back(std::move(row));
}

void FakeDesk::add_worker(v1::WorkerRow row) {
    const std::lock_guard lock(mutex_);
    workers_.push_back(std::move(row));
}

void FakeDesk::fail_with(std::optional<Error> error) {
    const std::lock_guard lock(mutex_);
    error_ = std::move(error);
}

void FakeDesk::tweak_status(std::function<void(v1::Status&)> tweak) {
    const std::lock_guard lock(mutex_);
    tweak_ = std::move(tweak);
}

void FakeDesk::forget_events() {
    const std::lock_guard lock(mutex_);
    events_.clear();
    seq_ = 0;
}

int FakeDesk::calls(const std::string& method) const {
    const std::lock_guard lock(mutex_);
    const auto found = calls_.find(method);
    return found == calls_.end() ? 0 : found->second;
}

v1::Event FakeDesk::note_event(const std::string& kind, const std::string& document, const std::string& from,
                               const std::string& to) {
    const std::lock_guard lock(mutex_);
    return event(kind, document, from, to);
}

Result<v1::Status> FakeDesk::status() {
    const std::lock_guard lock(mutex_);
    if (const auto error = failing("status")) return tl::unexpected<Error>(*error);
    v1::Status status;
    std::map<std::tuple<std::string, std::string, std::string>, v1::QueueRow> queues;
    std::map<std::string, bool> plis;
    for (const auto& [id, held] : held_) {
        const auto& row = held.view.row();
        plis[row.pli_id()] = true;
        status.set_created(status.created() + 1);
        status.set_pages_in_documents(status.pages_in_documents() + row.pages());
        const auto& state = row.state();
        if (state == "QUEUED") status.set_queued(status.queued() + 1);
        if (state == "TAKEN") status.set_taken(status.taken() + 1);
        if (state == "CLOSED") status.set_closed(status.closed() + 1);
        if (state == "RETURNED") status.set_returned(status.returned() + 1);
        if (state == "TO_KEY") status.set_to_key(status.to_key() + 1);
        if (state == "QUARANTINED") status.set_quarantined(status.quarantined() + 1);
        if (state != "QUEUED" && state != "TAKEN") continue;
        auto& queue = queues[{row.caisse(), row.service(), row.priority()}];
        queue.set_caisse(row.caisse());
        queue.set_service(row.service());
        queue.set_priority(row.priority());
        if (state == "TAKEN") {
            queue.set_taken(queue.taken() + 1);
            continue;
        }
        queue.set_depth(queue.depth() + 1);
        queue.set_oldest_seconds(
            std::max<std::int64_t>(queue.oldest_seconds(), (now_ms() - row.queued_at_ms()) / 1000));
        if (queue.next_due().empty() || row.due() < queue.next_due()) queue.set_next_due(row.due());
    }
    for (const auto& [key, queue] : queues) *status.add_queues() = queue;
    const auto registered = static_cast<std::int64_t>(plis.size());
    const auto rejected = static_cast<std::int64_t>(rejections_.size());
    status.set_plis_registered(registered);
    status.set_plis_rejected(rejected);
    status.set_plis_received(registered + rejected);
    status.set_plis_announced(registered + rejected);
    status.set_pages_scanned(status.pages_in_documents());
    status.set_last_event(seq_);
    status.set_epoch(1);
    if (tweak_) tweak_(status);
    return status;
}

Result<v1::DocumentsPage> FakeDesk::documents(const v1::DocumentsQuery& query) {
    const std::lock_guard lock(mutex_);
    if (const auto error = failing("documents")) return tl::unexpected<Error>(*error);
    std::vector<v1::DocumentRow> rows;
    for (const auto& [id, held] : held_) {
        const auto& row = held.view.row();
        const auto fits = [](const std::string& wanted, const std::string& value) {
            return wanted.empty() || wanted == value;
        };
        if (fits(query.caisse(), row.caisse()) && fits(query.service(), row.service()) &&
            fits(query.state(), row.state()) && fits(query.type(), row.type()) && fits(query.pli_id(), row.pli_id()) &&
            fits(query.lot(), row.lot())) {
            rows.push_back(row);
        }
    }
    std::ranges::stable_sort(rows, {}, [](const auto& row) { return std::pair(row.due(), row.id()); });
    std::size_t from = 0;
    if (!query.cursor().empty()) from = static_cast<std::size_t>(std::stoul(query.cursor()));
    const auto limit = static_cast<std::size_t>(query.limit() > 0 ? query.limit() : 50);
    v1::DocumentsPage page;
    for (std::size_t i = from; i < rows.size() && i < from + limit; ++i) *page.add_documents() = rows[i];
    if (from + limit < rows.size()) page.set_next_cursor(std::to_string(from + limit));
    return page;
}

Result<v1::DocumentView> FakeDesk::document(const std::string& id) {
    const std::lock_guard lock(mutex_);
    if (const auto error = failing("document")) return tl::unexpected<Error>(*error);
    const auto found = held_.find(id);
    if (found == held_.end()) return not_found("DOCUMENT_UNKNOWN", "no such document");
    auto view = found->second.view;
    for (const auto& [other, held] : held_) {
        if (other != id && held.view.row().pli_id() == view.row().pli_id()) *view.add_siblings() = held.view.row();
    }
    return view;
}

Result<v1::PliView> FakeDesk::pli(const std::string& id) {
    const std::lock_guard lock(mutex_);
    if (const auto error = failing("pli")) return tl::unexpected<Error>(*error);
    v1::PliView pli;
    for (const auto& [key, held] : held_) {
        if (held.view.row().pli_id() != id) continue;
        pli.set_id(id);
        pli.set_state("READ");
        *pli.mutable_context() = held.view.context();
        *pli.mutable_files() = held.view.files();
        *pli.mutable_page_refs() = held.view.page_refs();
        if (pli.reading().pages().empty()) *pli.mutable_reading() = held.view.reading();
        if (held.view.reading().documents().empty()) *pli.mutable_reading()->add_documents() = held.view.document();
        *pli.add_documents() = held.view.row();
    }
    if (pli.id().empty()) return not_found("PLI_UNKNOWN", "no such pli");
    return pli;
}

Result<v1::Events> FakeDesk::events(std::int64_t after, int limit) {
    const std::lock_guard lock(mutex_);
    if (const auto error = failing("events")) return tl::unexpected<Error>(*error);
    v1::Events answer;
    for (const auto& event : events_) {
        if (event.seq() > after && answer.events_size() < limit) *answer.add_events() = event;
    }
    answer.set_last(seq_);
    return answer;
}

Result<v1::Rejections> FakeDesk::rejections(int limit) {
    const std::lock_guard lock(mutex_);
    if (const auto error = failing("rejections")) return tl::unexpected<Error>(*error);
    v1::Rejections answer;
    for (const auto& row : rejections_) {
        if (answer.rejections_size() < limit) *answer.add_rejections() = row;
    }
    return answer;
}

Result<v1::Workers> FakeDesk::workers() {
    const std::lock_guard lock(mutex_);
    if (const auto error = failing("workers")) return tl::unexpected<Error>(*error);
    v1::Workers answer;
    for (const auto& row : workers_) *answer.add_workers() = row;
    answer.set_readers_wanted(static_cast<int>(workers_.size()));
    return answer;
}

Result<v1::Taken> FakeDesk::take(const v1::Take& command, const std::string&) {
    const std::lock_guard lock(mutex_);
    if (const auto error = failing("take")) return tl::unexpected<Error>(*error);
    std::vector<Held*> candidates;
    for (auto& [id, held] : held_) {
        const auto& row = held.view.row();
        if (row.state() != "QUEUED" || row.caisse() != command.caisse() || row.service() != command.service()) continue;
        if (!command.document().empty() && command.document() != id) continue;
        candidates.push_back(&held);
    }
    std::ranges::stable_sort(candidates, {}, [](const Held* held) { return held->view.row().due(); });
    v1::Taken taken;
    for (auto* held : candidates) {
        if (taken.documents_size() >= command.count()) break;
        auto& row = *held->view.mutable_row();
        row.set_state("TAKEN");
        row.set_taken_by(command.by());
        *held->view.add_history() = event("taken", row.id(), "QUEUED", "TAKEN");
        auto& one = *taken.add_documents();
        *one.mutable_row() = row;
        one.set_fence(++held->fence);
        one.set_delivery_id("delivery-" + row.id());
        one.set_lease_until_ms(now_ms() + command.lease_seconds() * 1000);
    }
    return taken;
}

Result<v1::Acted> FakeDesk::move(const std::string& id, const std::string& by, std::uint64_t fence,
                                 const std::string& to, const std::string& code, const std::string& note) {
    const auto found = held_.find(id);
    if (found == held_.end()) return not_found("DOCUMENT_UNKNOWN", "no such document");
    auto& row = *found->second.view.mutable_row();
    if (row.state() != "TAKEN" || row.taken_by() != by || found->second.fence != fence)
        return conflict("NOT_TAKEN_BY_YOU", "the lease has moved on");
    auto moved = event(to == "CLOSED" ? "acknowledged" : to == "RETURNED" ? "returned" : "released", id, "TAKEN", to);
    moved.set_code(code);
    moved.set_detail(note);
    moved.set_actor(by);
    events_.back() = moved;
    *found->second.view.add_history() = moved;
    row.set_state(to);
    row.set_reason(code);
    row.clear_taken_by();
    v1::Acted acted;
    *acted.mutable_row() = row;
    return acted;
}

Result<v1::Acted> FakeDesk::acknowledge(const v1::Acknowledge& c, const std::string&) {
    const std::lock_guard lock(mutex_);
    if (const auto error = failing("acknowledge")) return tl::unexpected<Error>(*error);
    return move(c.document(), c.by(), c.fence(), "CLOSED", "", "");
}

Result<v1::Acted> FakeDesk::give_back(const v1::ReturnToPlatform& c, const std::string&) {
    const std::lock_guard lock(mutex_);
    if (const auto error = failing("give_back")) return tl::unexpected<Error>(*error);
    return move(c.document(), c.by(), c.fence(), "RETURNED", c.code(), c.note());
}

Result<v1::Acted> FakeDesk::release(const v1::Release& c, const std::string&) {
    const std::lock_guard lock(mutex_);
    if (const auto error = failing("release")) return tl::unexpected<Error>(*error);
    return move(c.document(), c.by(), c.fence(), "QUEUED", "", "");
}

Result<v1::Envelope> FakeDesk::call(const std::string& type, const std::string& body, const std::string&) {
    if (auto error = failing(type)) return tl::unexpected<Error>(*error);
    if (auto answer = people.answer(type, body)) return std::move(*answer);
    if (on_call) return on_call(type, body);
    return invalid("UNKNOWN_TYPE", "this desk is a fake one and knows no " + type);
}

}  // namespace pleiade::gateway::fake
