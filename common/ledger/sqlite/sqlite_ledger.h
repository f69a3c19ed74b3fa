// The SQLite adapter of the ledger. One class, its parts in files of their own: this header's order is theirs
// (sqlite_ledger.cpp, registration.cpp, tasks.cpp, results.cpp, queues.cpp). Private to this folder.
//
// Operation: BEGIN IMMEDIATE ... COMMIT with synchronous=FULL on the only connection that writes. Each batch first
// makes sure that the epoch is still ours. Leases' ends are kept in memory, since a lease that a restart forgets is
// only given a fresh period; everything else is in the tables.
#pragma once

#include <map>
#include <random>
#include <unordered_map>
#include <utility>

#include "common/ledger/ledger.h"
#include "common/ledger/sqlite/audit_chain.h"
#include "common/ledger/sqlite/database.h"
#include "common/ledger/sqlite/store_guard.h"
#include "common/ledger/sqlite/totals.h"

namespace pleiade::ledger {

class SqliteLedger final : public Ledger {
  public:
    explicit SqliteLedger(const LedgerOptions& options);
    ~SqliteLedger() override;

    std::uint64_t epoch() const override { return epoch_; }
    void begin() override;
    bool commit() override;

    Result<v1::LotOpened> open_lot(const Asked& asked, const v1::OpenLot& lot) override;
    Result<v1::Registered> register_pli(const Asked& asked, const v1::Register& pli) override;
    Result<v1::Rejected> reject(const Asked& asked, const v1::Reject& rejection) override;

    std::optional<GrantedTask> lease(const TaskRequest& request) override;
    Verdict renew(const std::string& task_id, std::uint64_t fence) override;
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

  private:
    // --- sqlite_ledger.cpp
    std::int64_t now_ms() const;
    std::int64_t monotonic_ms() const;
    void audit(const AuditEntry& entry);
    void count(Total total, std::int64_t by);
    void wrote() { dirty_ = true; }
    void move_pli(std::int64_t pli_n, std::string_view from, std::string_view to, AuditEntry entry);

    // The stored answer of an earlier request with this key, if any.
    template <class Reply>
    Result<std::optional<Reply>> answered_before(const Asked& asked) {
        auto bytes = reply_of(asked, Reply::descriptor()->name());
        if (!bytes) return pass_on(bytes);
        if (!*bytes) return std::optional<Reply>{};
        Reply reply;
        if (!reply.ParseFromString(**bytes)) throw StoreError("a stored reply cannot be parsed", SQLITE_CORRUPT);
        return std::optional<Reply>(std::move(reply));
    }
    template <class Reply>
    Reply remember(const Asked& asked, Reply reply) {
        remember_reply(asked, Reply::descriptor()->name(), reply.SerializeAsString());
        return reply;
    }
    Result<std::optional<std::string>> reply_of(const Asked& asked, const std::string& type);
    void remember_reply(const Asked& asked, const std::string& type, const std::string& reply);

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

    // --- results.cpp
    Result<void> apply_reading(const Task& task, const v1::Reading& reading);
    Result<void> apply_decisions(const Task& task, const v1::Decisions& decisions);
    void apply_decision(const Task& task, std::int64_t document_n, std::int64_t number, const v1::Decision& decision);

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

    LedgerOptions options_;
    StoreGuard guard_;
    Database database_;
    AuditChain chain_;
    Totals totals_;
    std::uint64_t epoch_ = 0;
    bool in_batch_ = false;
    bool dirty_ = false;
    bool totals_changed_ = false;
    int readers_wanted_ = 0;
    std::unordered_map<std::int64_t, std::int64_t> lease_ends_;    // task -> monotonic ms
    std::unordered_map<std::int64_t, std::int64_t> take_ends_;     // delivery -> monotonic ms
    std::map<std::string, std::string, std::less<>> last_caisse_;  // "stage/rank" -> the one served last
    std::mt19937_64 random_;
};

}  // namespace pleiade::ledger
