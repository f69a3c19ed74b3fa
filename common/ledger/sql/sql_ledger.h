// The ledger over a database engine. One class, its parts in files of their own: this header's order is theirs
// (sql_ledger.cpp, registration.cpp, tasks.cpp, results.cpp, readings.cpp, queues.cpp, keying.cpp, keyed.cpp,
// undo.cpp, recovery.cpp, recovery_verbs.cpp, watch.cpp, accounts.cpp, sessions.cpp, views.cpp). Private to
// common/ledger.
//
// Operation: a batch is one transaction, on a connection whose commits are durable. Each batch first makes sure that
// the epoch is still ours. Leases' ends are kept in memory, since a lease that a restart forgets is only given a fresh
// period; everything else is in the tables. Where several hubs write to one store, a batch has it for itself, goes on
// from where the last one left the journal and the counters, and watches the leases of the others.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/ledger/ledger.h"
#include "common/ledger/nir_digest.h"
#include "common/ledger/sql/audit_chain.h"
#include "common/ledger/sql/database.h"
#include "common/ledger/sql/totals.h"

namespace pleiade::ledger {

class SqlLedger final : public Ledger {
  public:
    // `guard`: what must be held as long as the store is open. The store has this program's schema.
    SqlLedger(const LedgerOptions& options, std::unique_ptr<Database> store, std::shared_ptr<const void> guard);
    ~SqlLedger() override;

    std::uint64_t epoch() const override { return epoch_; }
    void begin() override;
    bool commit() override;
    void abandon() override { forget_batch(); }

    Result<v1::LotOpened> open_lot(const Asked& asked, const v1::OpenLot& lot) override;
    Result<v1::Registered> register_pli(const Asked& asked, const v1::Register& pli) override;
    Result<v1::Rejected> reject(const Asked& asked, const v1::Reject& rejection) override;

    std::optional<GrantedTask> lease(const TaskRequest& request) override;
    Verdict renew(const std::string& task_id, std::uint64_t fence) override;
    std::optional<std::string> holder(const std::string& task_id, std::uint64_t fence) override;
    Result<Verdict> finish(const std::string& task_id, std::uint64_t fence, const std::string& result_sha256,
                           const v1::Done& done) override;
    Verdict give_up(const std::string& task_id, std::uint64_t fence, const v1::Nack& nack) override;
    Expired expire() override;

    Result<v1::Taken> take(const Asked& asked, const v1::Take& take) override;
    Result<v1::Acted> acknowledge(const Asked& asked, const v1::Acknowledge& receipt) override;
    Result<v1::Acted> return_to_platform(const Asked& asked, const v1::ReturnToPlatform& returned) override;
    Result<v1::Acted> release(const Asked& asked, const v1::Release& released) override;
    void want_readers(const Asked& asked, int readers) override;
    int readers_wanted() const override { return readers_wanted_; }

    Result<v1::KeyingJobs> next_to_key(const Asked& asked, const v1::NextToKey& next) override;
    Result<v1::KeyingJobs> open_to_key(const Asked& asked, const v1::OpenToKey& open) override;
    Result<v1::KeyingLease> renew_keying(const Asked& asked, const v1::RenewKeying& renewal) override;
    Result<v1::DraftSaved> save_draft(const Asked& asked, const v1::SaveDraft& draft) override;
    Result<v1::KeyingEnded> release_keying(const Asked& asked, const v1::ReleaseKeying& released) override;
    Result<v1::KeyingEnded> hold_keying(const Asked& asked, const v1::HoldKeying& held) override;
    Result<v1::KeyingEnded> send_keying(const Asked& asked, const v1::SendKeying& sent) override;
    Result<v1::KeyingValidated> validate_keying(const Asked& asked, const v1::ValidateKeying& keyed) override;
    Result<v1::KeyingJobs> undo_keying(const Asked& asked, const v1::UndoKeying& undo) override;
    Result<v1::Recalled> recall(const Asked& asked, const v1::RecallDocument& recall) override;
    Result<v1::Acted> answer_recall(const Asked& asked, const v1::AnswerRecall& answer) override;
    Result<v1::Recovered> recover(const Asked& asked, const v1::Recover& recovery) override;
    void note_search(const Asked& asked, int found) override;
    void note_refused(const RefusedPeer& refused) override;

    Result<v1::AccountSaved> save_account(const Asked& asked, const v1::SaveAccount& command) override;
    Result<v1::AccountSaved> set_account_state(const Asked& asked, const v1::SetAccountState& command) override;
    Result<v1::AccountSaved> set_password(const Asked& asked, const v1::SetPassword& command) override;
    Result<v1::LoginFailureNoted> note_login_failure(const Asked& asked, const v1::NoteLoginFailure& command) override;
    Result<v1::SessionView> open_session(const Asked& asked, const v1::OpenSession& command) override;
    Result<v1::SessionView> touch_session(const Asked& asked, const v1::TouchSession& command) override;
    Result<v1::SessionClosed> close_session(const Asked& asked, const v1::CloseSession& command) override;
    Result<v1::ApiKeySaved> add_api_key(const Asked& asked, const v1::AddApiKey& command) override;
    Result<v1::ApiKeySaved> revoke_api_key(const Asked& asked, const v1::RevokeApiKey& command) override;
    Result<v1::ViewsNoted> note_views(const Asked& asked, const v1::NoteViews& command) override;

  private:
    // --- sql_ledger.cpp
    std::int64_t now_ms() const;
    std::int64_t monotonic_ms() const;
    std::int64_t audit(const AuditEntry& entry);
    void count(Total total, std::int64_t by);
    void wrote() { dirty_ = true; }
    void follow_others();
    bool was_committed();
    void forget_batch();
    void move_pli(std::int64_t pli_n, std::string_view from, std::string_view to, AuditEntry entry);
    // A person's act on a pli or one of its documents, with her reason: the entry holds its digest, the table its text.
    void act(std::int64_t pli_n, std::int64_t number, const std::string& verb, const std::string& actor,
             const std::string& reason);
    std::string state_of_pli(std::int64_t pli_n);

    // The stored answer of an earlier request with this key, if any.
    template <class Reply>
    Result<std::optional<Reply>> answered_before(const Asked& asked) {
        auto bytes = reply_of(asked, Reply::descriptor()->name());
        if (!bytes) return pass_on(bytes);
        if (!*bytes) return std::optional<Reply>{};
        Reply reply;
        if (!reply.ParseFromString(**bytes)) throw StoreError("a stored reply cannot be parsed", StoreFault::Damaged);
        return std::optional<Reply>(std::move(reply));
    }
    template <class Reply>
    Reply remember(const Asked& asked, Reply reply) {
        remember_reply(asked, Reply::descriptor()->name(), reply.SerializeAsString());
        return reply;
    }
    Result<std::optional<std::string>> reply_of(const Asked& asked, const std::string& type);
    void remember_reply(const Asked& asked, const std::string& type, const std::string& reply);

    // --- watch.cpp
    using Ends = std::unordered_map<std::int64_t, std::int64_t>;
    struct Watched {
        Ends& ends;
        std::unordered_map<std::int64_t, std::pair<std::int64_t, std::int64_t>>& marks;
    };
    void watch(Watched watched, const char* sql, const std::function<std::int64_t(const Query&)>& length_ms);
    void watch_others();
    bool something_ends(std::int64_t now) const;
    void beat(const char* table, std::int64_t n);
    std::int64_t backoff_clock_ms() const;

    // --- registration.cpp
    struct Lot {
        std::int64_t n = 0;
        std::int64_t announced = 0;
        std::int64_t received = 0;
        bool opened = false;
        std::string content_sha256;
    };
    std::optional<Lot> find_lot(const std::string& name);
    Lot lot_of(const std::string& name, const std::string& caisse);  // made when it is not there
    void count_in_lot(const Lot& lot, std::int64_t announced, std::int64_t registered, std::int64_t rejected);
    std::int64_t insert_pli(const Lot& lot, const std::string& id, const v1::Register& pli,
                            const std::string& files_key, bool duplicate);

    // --- tasks.cpp
    struct Task {
        std::int64_t n = 0;
        std::int64_t pli_n = 0;
        std::string stage;
        std::string state;
        std::uint64_t fence = 0;
        std::int64_t attempts = 0;
        std::int64_t crashes = 0;
        std::string crash_workers;
        std::string worker;
        std::int64_t incarnation = 0;
        std::string request_id;
        std::string result_sha256;
    };
    void add_task(std::int64_t pli_n, std::string_view stage, bool registered_mail, const std::string& caisse);
    std::optional<Task> find_task(std::int64_t n);
    std::optional<Task> task_leased_at(const std::string& task_id, std::uint64_t fence);
    std::optional<std::int64_t> next_ready(const std::string& stage);
    GrantedTask grant(Task task, const TaskRequest& request);
    GrantedTask granted(const Task& task);
    void lose(const Task& task, const std::string& code);
    void retry_or_quarantine(const Task& task, bool at_once, bool hopeless, const std::string& code,
                             const std::string& message);
    void quarantine(const Task& task, const std::string& code, const std::string& message);
    std::chrono::milliseconds lease_length(std::string_view stage) const;
    void complete(const Task& task, const std::string& result_sha256);
    std::optional<Task> task_of(std::int64_t pli_n, std::string_view stage);
    // Makes the stage's work ready, from the start, whatever has become of it; who works on it is fenced off.
    void open_task(std::int64_t pli_n, std::string_view stage);
    void close_task(std::int64_t pli_n, std::string_view stage);

    // --- results.cpp
    Result<void> apply_reading(const Task& task, const v1::Reading& reading);
    Result<void> apply_decisions(const Task& task, const v1::Decisions& decisions);
    void apply_decision(const Task& task, std::int64_t document_n, std::int64_t number, const v1::Decision& decision);

    // --- readings.cpp
    struct StoredReading {
        v1::Reading reading;
        v1::Decisions decisions;
    };
    std::optional<StoredReading> stored_reading(std::int64_t pli_n);
    // The first one of a pli, or the one after it was forgotten; its digest. Pages are counted as it says.
    std::string add_reading(std::int64_t pli_n, const v1::Reading& reading, const std::string& author);
    // Takes the place of the former one, which is kept.
    std::string replace_reading(std::int64_t pli_n, const v1::Reading& reading, const std::string& author);
    // The pli is as unread; its reading is kept among the past ones.
    void forget_reading(std::int64_t pli_n);
    void keep_past_reading(std::int64_t pli_n);
    void count_pages(std::int64_t pli_n, const v1::Reading& reading);
    void note_nirs(std::int64_t pli_n, const v1::Reading& reading);
    // All of them again, when the key is not the one that made them.
    void refresh_nirs();
    int last_number(std::int64_t pli_n);  // of a document; no number serves twice
    void add_documents(std::int64_t pli_n, const v1::Reading& reading, const std::set<int>& numbers,
                       const std::string& actor);

    // --- queues.cpp
    struct Delivery {
        std::int64_t n = 0;
        std::string id;
        std::int64_t document_n = 0;
        std::string state;
        std::uint64_t fence = 0;
        std::string taken_by;
        std::string destination;
    };
    void move_document(std::int64_t document_n, std::string_view to, const std::string& actor, const std::string& code,
                       const std::string& detail);
    // The master and what is attached to it.
    void move_with_attachments(std::int64_t document_n, std::string_view to, const std::string& actor,
                               const std::string& code, const std::string& detail);
    void follow_deliveries(std::int64_t document_n, const std::string& actor);
    void add_deliveries(std::int64_t document_n, const std::string& document_id, const v1::Route& route);
    void move_delivery(const Delivery& delivery, std::string_view to, const std::string& kind, const std::string& actor,
                       const std::string& code);
    Result<std::int64_t> find_document(const std::string& id);
    Result<std::int64_t> find_work(const std::string& id);
    std::optional<Delivery> find_delivery(std::int64_t n);
    Result<Delivery> taken_delivery(const std::string& document, const std::string& by, std::uint64_t fence,
                                    std::string_view ended_as);
    std::optional<Delivery> queued_delivery(std::int64_t document_n, const v1::Take& take);
    void take_one(const Delivery& delivery, const Asked& asked, const v1::Take& take, v1::Taken& taken);
    v1::Acted acted(const std::string& document);
    void withdraw_waiting(std::int64_t document_n, const std::string& actor, const std::string& code);
    void end_as_returned(std::int64_t document_n, const std::string& actor, const std::string& code,
                         const std::string& note);

    // --- keying.cpp
    struct Keying {
        std::int64_t n = 0;  // the fence
        std::int64_t pli_n = 0;
        std::int64_t document_n = 0;  // 0: the whole pli
        std::string keyer;
        bool medical = false;
        std::string state;
    };
    struct Work {  // a master, with its attachments
        std::int64_t n = 0;
        std::int64_t pli_n = 0;
        std::int64_t number = 0;
        std::string state;
        std::string secrecy;
    };
    std::optional<Keying> find_keying(std::int64_t n);
    std::optional<Work> find_master(std::int64_t document_n);
    std::vector<std::int64_t> family_of(std::int64_t document_n);  // the master first
    std::vector<Work> held_by(const Keying& keying);
    Result<Keying> held_keying(const std::string& id, const std::string& by, std::uint64_t fence);
    std::optional<std::int64_t> next_master(const v1::NextToKey& next);
    std::vector<Work> waiting_with(const Work& first, const v1::NextToKey& next);
    Keying lease_to(const std::string& keyer, bool medical, std::int64_t document_n, const std::vector<Work>& masters);
    v1::KeyingLease lease_of(const Keying& keying);
    v1::KeyingJob job_of(const Keying& keying);
    void fill_job_pages(const Keying& keying, const v1::Reading& reading, v1::KeyingJob& job);
    void fill_draft(const Keying& keying, v1::KeyingJob& job);
    v1::KeyingJobs jobs_again(const v1::KeyingJobs& before);
    v1::KeyingJobs remember_jobs(const Asked& asked, v1::KeyingJobs jobs);
    void close_keying(const Keying& keying, std::string_view state);
    v1::KeyingEnded give_back(const Keying& keying, std::string_view state, const std::string& actor,
                              const std::string& why);
    v1::KeyingEnded rows_of(const std::vector<Work>& masters);

    // --- keyed.cpp, undo.cpp
    void settle(std::int64_t pli_n, const v1::Reading& reading, const std::set<int>& kept, const std::set<int>& created,
                const std::set<int>& superseded, const std::string& actor, const std::string& ref);
    std::set<int> keyed_elsewhere(const StoredReading& stored, const std::set<int>& numbers);
    Result<std::vector<Work>> can_undo(const Keying& keying);
    std::int64_t ask_back(const Delivery& delivery, const v1::RecallDocument& recall);
    v1::RecallRow recall_row(std::int64_t recall_n);

    // --- recovery.cpp, recovery_verbs.cpp
    struct Target {
        std::int64_t pli_n = 0;
        std::int64_t document_n = 0;  // a master; 0: the pli
        std::string id;
    };
    using OnDocument = Result<void> (SqlLedger::*)(const Work& master, const v1::Recover& recovery);
    Result<Target> find_target(const std::string& id);
    v1::RecoveryOutcome recover_one(const std::string& id, const v1::Recover& recovery);
    Result<void> apply_verb(const Target& target, const v1::Recover& recovery);
    Result<void> on_documents(const Target& target, const v1::Recover& recovery, OnDocument verb);
    Result<void> reroute_document(const Work& master, const v1::Recover& recovery);
    Result<void> hold_document(const Work& master, const v1::Recover& recovery);
    Result<void> release_document(const Work& master, const v1::Recover& recovery);
    Result<void> reject_document(const Work& master, const v1::Recover& recovery);
    Result<void> requeue_document(const Work& master, const v1::Recover& recovery);
    Result<void> reclassify_document(const Work& master, const v1::Recover& recovery);
    Result<void> reread_pli(std::int64_t pli_n, const v1::Recover& recovery);
    Result<void> hold_pli(std::int64_t pli_n, const v1::Recover& recovery);
    Result<void> release_pli(std::int64_t pli_n, const v1::Recover& recovery);
    Result<void> reject_pli(std::int64_t pli_n, const v1::Recover& recovery);
    Result<void> unquarantine_pli(std::int64_t pli_n, const v1::Recover& recovery);
    Result<void> requeue_pli(std::int64_t pli_n, const v1::Recover& recovery);
    void read_by_hand(std::int64_t pli_n, const std::string& actor);
    void send_to_router(std::int64_t document_n, const std::string& actor, const std::string& code);

    // --- accounts.cpp, sessions.cpp
    v1::AccountSaved account_saved(const Asked& asked, const std::string& name);
    void audit_account(std::string kind, const Asked& asked, const v1::Account& account, std::string code = "");
    void end_sessions(const std::string& name, std::string_view but = {});

    LedgerOptions options_;
    std::shared_ptr<const void> guard_;
    std::unique_ptr<Database> store_;
    Database& database_;
    AuditChain chain_;
    Totals totals_;
    std::uint64_t epoch_ = 0;
    bool in_batch_ = false;
    bool dirty_ = false;
    bool totals_changed_ = false;
    bool audited_ = false;    // the batch has an entry
    bool forgotten_ = false;  // the totals are to be read again
    int readers_wanted_ = 0;
    Ends lease_ends_;   // task -> monotonic ms
    Ends take_ends_;    // delivery -> monotonic ms
    Ends keying_ends_;  // keying -> monotonic ms
    // Of a store that several hubs write to: each lease's fence and beat when its end was last moved.
    std::unordered_map<std::int64_t, std::pair<std::int64_t, std::int64_t>> lease_marks_, take_marks_, keying_marks_;
    std::int64_t watched_at_ms_ = 0;
    std::map<std::string, std::string, std::less<>> last_caisse_;  // "stage/rank" -> the one served last
    std::mt19937_64 random_;
    NirDigest nir_digest_;
    std::vector<std::function<void()>> after_commit_;  // of the planted bug "no_outbox" alone
};

}  // namespace pleiade::ledger
