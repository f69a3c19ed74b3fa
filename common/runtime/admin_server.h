// /healthz, /readyz and /metrics of a process, in a thread of its own. They tell counts and ages, nothing of anybody's
// mail: beyond loopback for probes and scrapers of a network of one's own.
#pragma once

#include <prometheus/registry.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pleiade::runtime {

struct ReadyCheck {
    std::string name;
    bool ok = false;
    std::string advice;  // what to do when it is not
};

class AdminServer {
  public:
    // `ready` is called from the server's thread. Port 0 picks a free one.
    AdminServer(std::uint16_t port, std::shared_ptr<prometheus::Registry> registry,
                std::function<std::vector<ReadyCheck>()> ready, const std::string& address = "127.0.0.1");
    ~AdminServer();
    std::uint16_t port() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// The text format of /metrics, for a process that has its own HTTP server.
std::string metrics_text(const prometheus::Registry& registry);

}  // namespace pleiade::runtime
