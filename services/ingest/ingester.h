// The ingest process: takes what stands in inbox/, one source at a time, and leaves nothing half done.
//
// Operation: claim (rename) -> open and judge -> hub and vault (lot_ingest.h) -> plan -> done/ or rejected/
// (release.h). Each step may be cut by a kill -9: the next life finds the claim, and the plan if there was one. What
// fails for a reason around us is tried again, later and later; the others go on meanwhile. Without the hub, or with
// less disk than asked for, nothing more is admitted; what is released already still leaves. Concurrency: one thread
// calls step(); `readiness` may be called from any. Several processes may share an inbox. Limits: one source in memory
// at a time (kPlisMax plis, their names and page lists, never their bytes).
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/runtime/admin_server.h"
#include "services/ingest/claims.h"
#include "services/ingest/inbox.h"
#include "services/ingest/ingest_metrics.h"
#include "services/ingest/lot_ingest.h"

namespace pleiade::ingest {

struct IngesterOptions {
    std::string home;
    std::string instance = "ingest";
    std::chrono::milliseconds quiet_before_reading{1'000};
    std::uint64_t disk_free_bytes_min = 1ull << 30;
    SourceOptions source;
};

class Ingester {
  public:
    // Makes the folders of the home that it needs. Errors: CLAIMS_IN_USE (Conflict), RELEASE_IO (Unavailable).
    static Result<std::unique_ptr<Ingester>> open(IngesterOptions options, IngestTools tools, IngestMetrics& metrics);

    // One look at everything. True when something left the inbox, so that another look may be worth its while at once.
    bool step();

    std::vector<runtime::ReadyCheck> readiness() const;

  private:
    struct Retry {
        int failures = 0;
        MonotonicTime not_before{};
    };

    Ingester(IngesterOptions options, IngestTools tools, IngestMetrics& metrics, Claims claims);
    bool work_on_claims();
    bool admit();
    bool take(const Waiting& waiting, Claim& claim);
    bool work_on(const Claim& claim);
    Result<bool> advance(const Claim& claim);
    Result<LotReport> hand_over(const Claim& claim);
    void put_off(const Claim& claim, const Error& error);
    void ask_for_the_hub();
    void note_hub(bool reachable);
    bool disk_has_room();
    bool may_admit() const { return room_ && hub_answers_; }
    bool stopping() const { return tools_.stop != nullptr && tools_.stop->load(); }

    const IngesterOptions options_;
    IngestTools tools_;
    IngestMetrics& metrics_;
    Claims claims_;
    Inbox inbox_;
    std::map<std::string, Retry> retries_;  // plan name -> when
    MonotonicTime hub_asked_{};
    std::atomic<bool> hub_answers_{false};
    std::atomic<bool> room_{true};
    std::atomic<bool> inbox_writable_{true};
};

}  // namespace pleiade::ingest
