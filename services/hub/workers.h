// Who works for us, and on what, as they last said. Kept in memory: a hub that starts again hears from them in a
// second. Concurrency: any thread; the commit thread writes, the desk and the metrics read.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/wire/messages.h"

namespace pleiade::hub {

class Workers {
  public:
    explicit Workers(const Clock& clock) : clock_(clock) {}

    struct Advice {
        bool drain = false;
        std::int64_t retry_ms = 0;  // grows while there is nothing to do
    };
    // `peer`: by which name its socket is known; its other messages come from there.
    Advice ready(const std::string& peer, const v1::Ready& ready);
    void leased(const std::string& worker, const std::string& task_id, const std::string& pli_id);
    void renewed(const std::string& peer);
    void ended(const std::string& peer);

    // False when nobody of that name is known.
    bool drain(const std::string& worker);
    v1::Workers list(int readers_wanted) const;

  private:
    struct Worker {
        v1::WorkerRow row;
        std::string peer;
        std::int64_t incarnation = 0;
        bool draining = false;
        bool left = false;
        int idle_rounds = 0;
        MonotonicTime seen{};
    };

    Worker* at(const std::string& peer);

    const Clock& clock_;
    mutable std::mutex mutex_;
    std::map<std::string, Worker> workers_;
};

}  // namespace pleiade::hub
