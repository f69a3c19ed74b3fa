// All services of one machine as children: hub first, then ingest, router, readers and gateway.
//
// Operation: `tick` reaps, restarts and adjusts the number of readers to what is wanted; a reader that leaves after a
// drain is not started again, and one that dies at once ten times is left down while the others go on. `stop` asks
// everybody to finish (SIGTERM), workers first, the hub last, and kills what is still there after the grace period.
// Concurrency: one thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "common/runtime/settings.h"
#include "services/cli/up/child.h"

namespace pleiade::cli {

class Supervisor {
  public:
    Supervisor(const runtime::Settings& settings, std::string config_file);

    void start(int readers);
    void tick();
    // From now on that many readers; those too many finish their task and leave. `afresh`: a person says so, and those
    // that were left down are tried once more.
    void want_readers(int readers, bool afresh = false);
    void stop();

    // Services that ended by themselves with a configuration error cannot be cured by a restart.
    bool hopeless(std::string& name) const;

  private:
    struct Reader {
        Child child;
        bool leaving = false;
        bool down_said = false;  // that it was left down
    };

    Child make(const std::string& service, const std::string& instance, Restarts restarts = Restarts());
    void tick_reader(Reader& reader);
    void add_reader();
    void wait_for_end(std::vector<Child*> children, std::chrono::milliseconds grace);

    const runtime::Settings settings_;
    const std::string config_file_;
    std::vector<std::unique_ptr<Child>> services_;  // hub first
    std::vector<std::unique_ptr<Reader>> readers_;
    int readers_wanted_ = 0;
    int next_reader_ = 1;
};

}  // namespace pleiade::cli
