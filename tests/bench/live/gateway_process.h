// The gateway in a process of its own, so that what it costs is not mixed with what its clients cost.
//
// Operation: forks before any thread exists; the child serves until its end of the pipe is closed.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace pleiade::bench {

struct Memory {
    std::int64_t now_bytes = 0;
    std::int64_t most_bytes = 0;
};

class GatewayProcess {
  public:
    GatewayProcess(int queues, int events_per_second);
    ~GatewayProcess();
    GatewayProcess(const GatewayProcess&) = delete;
    GatewayProcess& operator=(const GatewayProcess&) = delete;

    std::uint16_t port() const { return port_; }
    Memory memory() const;  // resident

  private:
    pid_t child_ = -1;
    int hold_ = -1;  // closed, the child ends
    std::uint16_t port_ = 0;
};

// Of this process and of those that it will start.
void allow_open_files();

}  // namespace pleiade::bench
