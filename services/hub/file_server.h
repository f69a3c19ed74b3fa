// Hands stored files over, chunk by chunk, to those who have no way to the vault.
//
// Operation: a request is a chunk of a file by pli and digest, or asks that a file be read again whole; nothing is kept
// between two requests but files that stay open for a moment, so that any hub over the same vault may answer any of
// them. A request that is said again while its answer is under way is not answered twice.
// Concurrency: `ask` from any thread; a few threads of its own read, so that neither the commit thread nor the desk's
// ever waits for a disk or a store.
// Limits: `under_way_max` requests per asking thread, read or waiting to be sent, of a chunk each; one more is refused
// with FILES_BUSY (Unavailable), never queued.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "common/vault/vault.h"
#include "common/wire/file_messages.h"
#include "services/hub/flow_counts.h"
#include "services/hub/held_files.h"
#include "services/hub/letter.h"
#include "services/hub/mailbox.h"

namespace pleiade::hub {

struct FileServerOptions {
    int threads = 4;  // they wait for a disk or a store more than they work
    std::size_t under_way_max = 64;
};

class FileServer {
  public:
    FileServer(const vault::Vault& vault, const Clock& clock, std::uint64_t epoch, FlowCounts& counts,
               FileServerOptions options = {});
    ~FileServer();
    FileServer(const FileServer&) = delete;
    FileServer& operator=(const FileServer&) = delete;

    static const std::vector<std::string>& types();
    static bool knows(const std::string& type);
    // The answer comes into `answers`, which outlives this object; a refusal that needs no reading is returned.
    std::optional<v1::Envelope> ask(Letter request, Mailbox<Letter>& answers);

  private:
    using Key = std::pair<std::string, std::string>;  // peer, request id
    struct Asked {
        Letter letter;
        Mailbox<Letter>* answers;
    };

    void run();
    std::optional<Asked> next();
    v1::Envelope answer(const v1::Envelope& request);
    Result<v1::FileChunk> chunk(const v1::FetchFile& asked);
    Result<v1::Ok> check(const v1::CheckFile& asked);

    const vault::Vault& vault_;
    const std::uint64_t epoch_;
    FlowCounts& counts_;
    const FileServerOptions options_;
    HeldFiles files_;
    std::mutex mutex_;
    std::condition_variable woken_;
    bool stop_ = false;  // these three guarded by mutex_
    std::deque<Asked> waiting_;
    std::set<Key> under_way_;  // waiting or being read
    std::vector<std::thread> threads_;
};

}  // namespace pleiade::hub
