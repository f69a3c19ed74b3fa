// The life of a worker: says Ready with its credit, takes a lease, works, sends its result until ACK or STALE.
//
// Operation: one thread, one task at a time. The handler calls `TaskContext::alive()` from inside its work (the OCR
// engine's progress callback); it renews the lease every third of its length and answers false once the lease is lost
// or could not be renewed for 80 % of its length: the handler then gives up at once and its result is dropped.
// `stop` (a signal) lets the current task finish.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "common/base/hub_address.h"
#include "common/base/result.h"
#include "common/wire/messages.h"

namespace pleiade::bus {

class TaskContext {
  public:
    virtual ~TaskContext() = default;
    virtual bool alive() = 0;
};

struct WorkerOptions {
    HubAddress hubs;
    std::string name;                 // stable across restarts, nobody else's: "reader-1@host"; over tcp:// the hub
                                      // puts the name of the key before it
    std::vector<std::string> stages;  // "read", "route"
};

// Fills `done` or gives an Error: Unavailable is answered Nack transient, Invalid is permanent, Conflict is dropped.
using TaskHandler = std::function<Result<v1::Done>(const v1::Lease& lease, TaskContext& context)>;

// Returns when `stop` is set or the hub asked to drain. Errors: those of check_keys(), at once.
Result<void> run_worker(const WorkerOptions& options, const TaskHandler& handler, const std::atomic<bool>& stop);

}  // namespace pleiade::bus
