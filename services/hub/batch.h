// One batch of the commit thread: what was received is applied in one transaction, and answered once that is durable.
//
// Operation: `run` takes the desk's commands, then what `receive` gives, up to 256 messages or 5 ms; ends the leases
// that are over; commits; only then gives each answer to `leave`. Knows neither sockets nor threads, so that a
// simulation drives it as the hub does. Concurrency: the commit thread.
// When the store is away, the desk is told so, and workers and ingest are left to say it again, as they do.
// Limits: any other exception of the ledger passes through; nothing of the batch was answered then.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "common/base/clock.h"
#include "common/bus/router_server.h"
#include "common/ledger/ledger.h"
#include "services/hub/dispatcher.h"
#include "services/hub/flow_counts.h"
#include "services/hub/letter.h"

namespace pleiade::hub {

class Batch {
  public:
    enum class To { Worker, Desk };
    using Receive = std::function<std::optional<bus::Incoming>()>;
    using Leave = std::function<void(To to, Letter answer)>;

    Batch(ledger::Ledger& ledger, Dispatcher& dispatcher, FlowCounts& counts, const Clock& clock)
        : ledger_(ledger), dispatcher_(dispatcher), counts_(counts), clock_(clock) {}

    struct Outcome {
        bool durable = false;  // something was written
        bool away = false;     // the store is; nothing was
        int messages = 0;
        std::chrono::duration<double> commit{0};
    };
    Outcome run(const std::vector<Letter>& commands, const Receive& receive, const Leave& leave);

  private:
    struct Answer {
        To to;
        Letter letter;
    };
    std::vector<Answer> fill(const std::vector<Letter>& commands, const Receive& receive);
    void expire();
    void refuse_commands(const std::vector<Letter>& commands, const Error& why, const Leave& leave);

    ledger::Ledger& ledger_;
    Dispatcher& dispatcher_;
    FlowCounts& counts_;
    const Clock& clock_;
    MonotonicTime expired_at_{};
};

}  // namespace pleiade::hub
