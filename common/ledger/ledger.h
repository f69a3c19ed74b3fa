// The ledger: the journal that owns the truth about every lot, pli, document and delivery.
//
// Operation: the hub opens a batch, applies what it received, commits, and only then answers. Each function checks
// before it writes, so that a refused one leaves nothing in the batch; each transition writes the new state, its audit
// entry, the next task and the deliveries together. `commit` is durable when it returns. An exception from any function
// means that the store cannot be trusted for now: the process ends, and a new one recovers from the journal.
// A repeated request (same idempotency key) gets the answer of the first time.
// Concurrency: one thread. On SQLite one process (the store refuses a second one); on PostgreSQL any number of hubs,
// whose batches follow each other. Limits: messages, not images; times of leases are monotonic and start afresh when
// the ledger is opened. A port because production has two adapters: SQLite on one machine, PostgreSQL beyond.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "common/domain/nomenclature.h"
#include "common/wire/messages.h"

namespace pleiade::ledger {

// Who asks, and the key that makes saying it twice the same as once.
struct Asked {
    std::string actor;
    std::string idempotency_key;
    std::string request_sha256;  // of the request; the same key with another request is a conflict. Empty: not compared
};

struct TaskRequest {
    std::string worker;
    std::int64_t incarnation = 0;  // one life of the worker
    std::string request_id;        // the same request gets the same lease again
    std::vector<std::string> stages;
};

struct GrantedTask {
    std::string task_id;
    std::uint64_t fence = 0;
    bool again = false;  // the lease that this request was granted already
    v1::Lease lease;
};

enum class Verdict { Accepted, Stale };

// Who was refused on the bus, and how often since the last such entry.
struct RefusedPeer {
    std::string reason;       // "unknown_key", "role"...
    std::string address;      // of the peer, or of our endpoint
    std::string fingerprint;  // of the key that was shown; may be empty
    std::uint64_t count = 0;
};

struct Expired {
    int tasks = 0;
    int documents = 0;
    int keyings = 0;  // that a person held and did not renew
    int resumed = 0;  // tasks whose back-off is over
};

// The database is away: stopped, starting, cut off, full. Nothing of the batch under way may be answered; said again
// later, each request finds whether it was committed after all.
class StoreAway : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};
Error store_away(const StoreAway& away);  // STORE_UNAVAILABLE (Unavailable)

struct LedgerOptions {
    std::string folder;  // of ledger.sqlite, and of the installation's keys
    std::string url{};   // "postgresql://..."; empty or "sqlite:": ledger.sqlite
    const Clock* clock = nullptr;
    std::chrono::milliseconds read_lease{30'000};
    std::chrono::milliseconds route_lease{10'000};
    std::chrono::milliseconds service_lease{600'000};
    std::chrono::milliseconds keying_lease{60'000};
    int attempts_max = 5;
    std::uint64_t seed = 0;        // of the back-off's spread; 0 draws one
    int journal_pages_max = 4000;  // of 4 KiB, in the store's journal before it is written back
    // The types that a person may give, and the fields that each requires. Null: any type, nothing required.
    const Nomenclature* types = nullptr;
};

class Ledger {
  public:
    virtual ~Ledger() = default;

    virtual std::uint64_t epoch() const = 0;
    // Of PostgreSQL, anything between `begin` and `commit`, these two included, may throw StoreAway: the batch is over.
    virtual void begin() = 0;
    // True when something was written (and is now durable).
    virtual bool commit() = 0;
    // After StoreAway: forgets the batch. The next `begin` connects again.
    virtual void abandon() = 0;

    // --- ingest. Errors: REJ_DUPLICATE_LOT, ALREADY_REGISTERED, KEY_REUSED (Conflict), PLI_INVALID (Invalid)
    virtual Result<v1::LotOpened> open_lot(const Asked& asked, const v1::OpenLot& lot) = 0;
    virtual Result<v1::Registered> register_pli(const Asked& asked, const v1::Register& pli) = 0;
    virtual Result<v1::Rejected> reject(const Asked& asked, const v1::Reject& rejection) = 0;

    // --- workers
    // Registered mail first, then caisse after caisse, each in its order of arrival. A worker holds one task: another
    // request of the same worker gives the former one up (counted as a crash).
    virtual std::optional<GrantedTask> lease(const TaskRequest& request) = 0;
    virtual Verdict renew(const std::string& task_id, std::uint64_t fence) = 0;
    // Error RESULT_INVALID: the result contradicts the pli (a page lost or twice); the pli is quarantined.
    virtual Result<Verdict> finish(const std::string& task_id, std::uint64_t fence, const std::string& result_sha256,
                                   const v1::Done& done) = 0;
    virtual Verdict give_up(const std::string& task_id, std::uint64_t fence, const v1::Nack& nack) = 0;
    // The worker that holds the task by that fence; nobody when it is not leased, or by another fence.
    virtual std::optional<std::string> holder(const std::string& task_id, std::uint64_t fence) = 0;
    // Ends the leases whose time is over and the back-offs that have passed.
    virtual Expired expire() = 0;

    // --- desk. Errors: DOCUMENT_UNKNOWN (NotFound), NOT_QUEUED, NOT_TAKEN_BY_YOU (Conflict), QUEUE_REQUIRED (Invalid)
    virtual Result<v1::Taken> take(const Asked& asked, const v1::Take& take) = 0;
    virtual Result<v1::Acted> acknowledge(const Asked& asked, const v1::Acknowledge& receipt) = 0;
    virtual Result<v1::Acted> return_to_platform(const Asked& asked, const v1::ReturnToPlatform& returned) = 0;
    virtual Result<v1::Acted> release(const Asked& asked, const v1::Release& released) = 0;
    virtual void want_readers(const Asked& asked, int readers) = 0;
    virtual int readers_wanted() const = 0;  // 0: nobody has said

    // --- keying: people's leases. A person may hold several; what her lease holds is KEYING and nobody else's.
    // Errors: KEYING_LEASE_LOST, KEYING_TAKEN, NOT_TO_KEY, NEEDS_HABILITATION (Conflict), DOCUMENT_UNKNOWN,
    // PLI_UNKNOWN (NotFound), KEYER_REQUIRED, REASON_REQUIRED (Invalid)
    virtual Result<v1::KeyingJobs> next_to_key(const Asked& asked, const v1::NextToKey& next) = 0;
    virtual Result<v1::KeyingJobs> open_to_key(const Asked& asked, const v1::OpenToKey& open) = 0;
    virtual Result<v1::KeyingLease> renew_keying(const Asked& asked, const v1::RenewKeying& renewal) = 0;
    virtual Result<v1::DraftSaved> save_draft(const Asked& asked, const v1::SaveDraft& draft) = 0;
    virtual Result<v1::KeyingEnded> release_keying(const Asked& asked, const v1::ReleaseKeying& released) = 0;
    virtual Result<v1::KeyingEnded> hold_keying(const Asked& asked, const v1::HoldKeying& held) = 0;
    virtual Result<v1::KeyingEnded> send_keying(const Asked& asked, const v1::SendKeying& sent) = 0;
    // With problems in the answer, nothing was changed and the lease goes on.
    virtual Result<v1::KeyingValidated> validate_keying(const Asked& asked, const v1::ValidateKeying& keyed) = 0;
    // Errors: UNDO_NOTHING, UNDO_TAKEN, UNDO_MOVED_ON (Conflict)
    virtual Result<v1::KeyingJobs> undo_keying(const Asked& asked, const v1::UndoKeying& undo) = 0;
    // Errors: RECALL_NOT_QUEUED, RECALL_ASKED_ALREADY, RECALL_NOT_ASKED (Conflict)
    virtual Result<v1::Recalled> recall(const Asked& asked, const v1::RecallDocument& recall) = 0;
    virtual Result<v1::Acted> answer_recall(const Asked& asked, const v1::AnswerRecall& answer) = 0;

    // --- recovery: each target by itself; a refusal is in its outcome. Errors: VERB_UNKNOWN, REASON_REQUIRED,
    // RECOVERY_CODE_REQUIRED, RECOVERY_TYPE_UNKNOWN, RECOVERY_TOO_MANY (Invalid)
    virtual Result<v1::Recovered> recover(const Asked& asked, const v1::Recover& recovery) = 0;
    // That somebody searched for a NIR: who, and how many plis were found.
    virtual void note_search(const Asked& asked, int found) = 0;
    virtual void note_refused(const RefusedPeer& refused) = 0;

    // --- accounts: every change is in the journal and ends the account's sessions.
    // Errors: ACCOUNT_UNKNOWN (NotFound), ACCOUNT_EXISTS (Conflict), ACCOUNT_INVALID, ACCOUNT_REQUIRED (Invalid)
    virtual Result<v1::AccountSaved> save_account(const Asked& asked, const v1::SaveAccount& command) = 0;
    virtual Result<v1::AccountSaved> set_account_state(const Asked& asked, const v1::SetAccountState& command) = 0;
    virtual Result<v1::AccountSaved> set_password(const Asked& asked, const v1::SetPassword& command) = 0;
    virtual Result<v1::LoginFailureNoted> note_login_failure(const Asked& asked,
                                                             const v1::NoteLoginFailure& command) = 0;
    // Errors: SESSION_REFUSED (Conflict): locked, removed, or not there; SESSION_UNKNOWN (NotFound)
    virtual Result<v1::SessionView> open_session(const Asked& asked, const v1::OpenSession& command) = 0;
    virtual Result<v1::SessionView> touch_session(const Asked& asked, const v1::TouchSession& command) = 0;
    virtual Result<v1::SessionClosed> close_session(const Asked& asked, const v1::CloseSession& command) = 0;
    // Errors: KEY_EXISTS (Conflict), KEY_UNKNOWN (NotFound), KEY_INVALID (Invalid)
    virtual Result<v1::ApiKeySaved> add_api_key(const Asked& asked, const v1::AddApiKey& command) = 0;
    virtual Result<v1::ApiKeySaved> revoke_api_key(const Asked& asked, const v1::RevokeApiKey& command) = 0;
    // That pages were seen: durable before their bytes leave. Error: PLI_UNKNOWN (NotFound)
    virtual Result<v1::ViewsNoted> note_views(const Asked& asked, const v1::NoteViews& command) = 0;
};

// What the desk sees: a read-only connection, a consistent view per call. One thread per reader.
class LedgerReader {
  public:
    virtual ~LedgerReader() = default;
    virtual v1::Status status() = 0;
    virtual Result<v1::DocumentsPage> documents(const v1::DocumentsQuery& query) = 0;
    virtual Result<v1::DocumentView> document(const std::string& id) = 0;
    virtual Result<v1::PliView> pli(const std::string& id) = 0;
    // Without `with_people`: what moves mail, not who saw it or signed in.
    virtual v1::Events events(std::int64_t after, int limit, bool with_people = false) = 0;
    virtual v1::Rejections rejections(int limit) = 0;
    virtual Result<v1::Aside> aside(const v1::AsideQuery& query) = 0;
    virtual v1::KeyingStock keying_stock(const v1::KeyingStockQuery& query) = 0;
    virtual Result<v1::RecallsPage> recalls(const v1::RecallsQuery& query) = 0;
    virtual Result<v1::FoundPlis> search(const v1::SearchQuery& query) = 0;
    virtual Result<v1::Story> story(const v1::StoryQuery& query) = 0;
    virtual Result<v1::LotsPage> lots(const v1::LotsQuery& query) = 0;
    // The wall's figures. Some of the journal at a time, so that nobody else waits: true once it is caught up with.
    virtual bool advance_figures() = 0;
    virtual v1::Figures figures(const v1::FiguresQuery& query, const v1::Status& status) = 0;
    // Errors: ACCOUNT_UNKNOWN, SESSION_UNKNOWN, KEY_UNKNOWN (NotFound)
    virtual Result<v1::AccountsPage> accounts(const v1::AccountsQuery& query) = 0;
    virtual Result<v1::Credential> credential(const v1::CredentialQuery& query) = 0;
    virtual Result<v1::SessionView> session(const v1::SessionQuery& query) = 0;
    virtual Result<v1::ApiKeySaved> api_key(const v1::ApiKeyQuery& query) = 0;
    virtual v1::ApiKeys api_keys() = 0;
};

// Begins, applies, commits: whether something was written, and is now durable. Error STORE_UNAVAILABLE: what was
// applied is not to be answered. Every other exception passes through.
Result<bool> in_one_batch(Ledger& ledger, const std::function<void()>& apply);

// By the address: PostgreSQL's, else SQLite's. Throws as those below, and StoreAway.
std::unique_ptr<Ledger> open_ledger(const LedgerOptions& options);
std::unique_ptr<LedgerReader> open_reader(const std::string& url, const std::string& folder, const Clock& clock);

// Throws std::runtime_error with what to do: LEDGER_IN_USE, a network file system, a newer schema, a damaged file.
std::unique_ptr<Ledger> open_sqlite_ledger(const LedgerOptions& options);
std::unique_ptr<LedgerReader> open_sqlite_reader(const std::string& folder, const Clock& clock);

// The pli's identity comes from its registration key: its first 32 digits when it is a SHA-256, else those of the
// SHA-256 of the key.
std::string pli_id_of(const std::string& registration_key);

}  // namespace pleiade::ledger
