// Turns one message of ingest, a worker or the desk's commands into one call of the ledger and its answer.
//
// Operation: called inside a batch; the answer may leave only once the batch is durable. What cannot be understood is
// refused, never an exception. Concurrency: the commit thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "common/ledger/ledger.h"
#include "common/wire/messages.h"
#include "services/hub/flow_counts.h"
#include "services/hub/workers.h"

namespace pleiade::hub {

class Dispatcher {
  public:
    // `admit`: empty while there is room for new mail, else why not.
    Dispatcher(ledger::Ledger& ledger, Workers& workers, FlowCounts& counts, std::function<std::string()> admit);

    v1::Envelope work(const std::string& peer, const v1::Envelope& request);
    v1::Envelope command(const v1::Envelope& request);
    // A search for a NIR goes into the journal before its answer leaves.
    v1::Envelope note_search(const v1::Envelope& request, int found);
    bool knows_command(const std::string& type) const;  // from any thread, as the next three
    bool knows_work(const std::string& type) const { return work_.contains(type); }
    std::vector<std::string> work_types() const;
    std::vector<std::string> command_types() const;

  private:
    using Handler = std::function<v1::Envelope(const std::string& peer, const v1::Envelope& request)>;

    v1::Envelope dispatch(const std::map<std::string, Handler>& handlers, const std::string& peer,
                          const v1::Envelope& request);
    void know_ingest();
    void know_workers();
    void know_commands();
    v1::Envelope ready(const std::string& peer, const v1::Envelope& request);
    v1::Envelope done(const std::string& peer, const v1::Envelope& request);
    v1::Envelope verdict(const v1::Envelope& request, ledger::Verdict verdict);
    template <class Command, class Reply>
    Handler command_of(Result<Reply> (ledger::Ledger::*apply)(const ledger::Asked&, const Command&));

    ledger::Ledger& ledger_;
    Workers& workers_;
    FlowCounts& counts_;
    std::function<std::string()> admit_;
    std::map<std::string, Handler> work_;
    std::map<std::string, Handler> commands_;
};

}  // namespace pleiade::hub
