// The desk's thread: answers the queries of the gateway and the command line from a read-only connection, and hands
// their commands to the commit thread, their questions for files to the file server.
//
// Operation: queries never wait for the writer, nor it for them. A status that is costly is shared.
// Concurrency: `run` is one thread; the mailboxes are the only meeting with the other.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/bus/router_server.h"
#include "common/ledger/ledger.h"
#include "services/hub/doorkeeper.h"
#include "services/hub/file_server.h"
#include "services/hub/letter.h"
#include "services/hub/mailbox.h"
#include "services/hub/refused.h"
#include "services/hub/workers.h"

namespace pleiade::hub {

class Desk {
  public:
    struct Parts {
        std::vector<std::string> endpoints;
        bus::HubKeys keys;  // for those over tcp://
        Refused& refused;
        std::string store_url;
        std::string ledger_folder;
        const Clock& clock;
        Workers& workers;
        const std::atomic<int>& readers_wanted;
        Mailbox<Letter>& commands;  // to the commit thread
        Mailbox<Letter>& replies;   // from it, and from the file server
        FileServer* files;          // null: no files are handed over
        std::function<bool(const std::string& type)> is_command;
        std::uint64_t epoch;
        // Called about once a second with a fresh status, for the metrics.
        std::function<void(const v1::Status&)> observe;
    };
    explicit Desk(Parts parts);

    void run(const std::atomic<bool>& stop);
    const bus::RouterServer& server() const { return server_; }
    std::vector<std::string> query_types() const;

  private:
    using Handler = std::function<v1::Envelope(const v1::Envelope& request)>;

    void know_queries();
    template <class Query, class Answer>
    void know(Answer answer);  // from a parsed query to a message or a Result of one
    void handle(const bus::Incoming& incoming);
    void search(const bus::Incoming& incoming);
    void send_replies();
    const v1::Status& status();

    Parts parts_;
    bus::RouterServer server_;
    Doorkeeper door_;
    std::unique_ptr<ledger::LedgerReader> reader_;
    std::map<std::string, Handler> queries_;
    std::map<std::pair<std::string, std::string>, v1::Envelope> noted_first_;  // peer, request id -> its answer
    v1::Status status_;
    MonotonicTime status_at_{};
    std::chrono::milliseconds status_cost_{0};
};

}  // namespace pleiade::hub
