// An installation over the hosts of a network, as processes: PostgreSQL on one, and what the plan says on it and on
// others. A host with a hub has the vault's folder; one without has neither the vault nor the store.
//
// Operation: `start_all`, or the hubs first and the others later; then `tick` now and then, which starts again what
// died, as a supervisor does. `kill_host` is kill -9 of every process of a host; it stays down until `start_host`.
// `add_reader` and `drain` change how many read.
// Concurrency: one thread. Limits: the hubs reach the vault as hosts reach a shared file system that no cut touches.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/base/hub_address.h"
#include "tests/faults/network.h"
#include "tests/support/bus_keyring.h"
#include "tests/support/postgres_server.h"

namespace pleiade::faults {

struct Place {
    std::string name;  // of the process; a hub's is its host's
    std::string host;  // "hub..." where a hub is
    std::string file;  // of the program
};

struct PlatformPlan {
    std::vector<Place> places;
    int work_ms = 60;  // of a stub
};

class Platform {
  public:
    using Clock = std::chrono::steady_clock;
    static constexpr int kWorkPort = 7101;
    static constexpr int kDeskPort = 7102;
    static constexpr std::uint16_t kGatewayPort = 8080;
    static constexpr const char* kBase = "base";

    // Empty where one can be made, else what is missing.
    static std::string why_not() {
        return test::PostgresServer::available() ? Network::why_not() : "PostgreSQL 15 is not installed";
    }

    Platform(std::string bin, std::string folder, Network& network, PlatformPlan plan);
    ~Platform();
    Platform(const Platform&) = delete;
    Platform& operator=(const Platform&) = delete;

    void start_all() {
        start_hubs();
        start_others();
    }
    void start_hubs();
    void start_others();
    int tick();  // how many had died
    void kill_host(const std::string& host);
    void start_host(const std::string& host);
    void add_reader(const std::string& name, const std::string& host);
    // SIGTERM; false when it did not end by itself in time. It does not come back.
    bool drain(const std::string& name);
    bool stop();

    std::vector<std::string> hosts() const;
    // Also of a process: whether it is a hub.
    static bool has_hub(const std::string& host) { return host.starts_with("hub"); }
    // Whether the host answers a question that its own part of the work needs.
    bool hub_answers(const std::string& host, std::chrono::milliseconds patience) const;
    std::vector<std::string> programs_of(const std::string& host) const;

    std::string home() const { return folder_ + "/home"; }  // of the scanners; the vault is there
    // As a scanner, and as a gateway.
    HubAddress work() const { return with_key(endpoints(kWorkPort, kBase), "scanner"); }
    HubAddress desk() const { return with_key(endpoints(kDeskPort, kBase), "gateway"); }
    std::string store_url() const;
    // Asks the store past the network, on its own socket. -1 while it is down. From any thread.
    long long number(const std::string& sql) const;

  private:
    struct Program {
        std::string host;
        std::string file;
        pid_t pid = -1;
        Clock::time_point due{};
    };
    std::vector<std::string> hubs() const;
    // Of all hubs, in the order in which a host tries them.
    std::vector<std::string> endpoints(int port, const std::string& from) const;
    HubAddress with_key(std::vector<std::string> endpoints, const std::string& role) const;
    void give_keys(const std::string& host) const;
    std::string settings_of(const std::string& host) const;
    std::string home_of(const std::string& host) const;
    void prepare(const std::string& host);
    void start(const std::string& name);
    void wait_for_hub(const std::string& host) const;

    const std::string bin_;
    const std::string folder_;
    Network& network_;
    const PlatformPlan plan_;
    const test::BusKeyring ring_;  // a key for each role; each host gets those it needs
    std::unique_ptr<test::PostgresServer> postgres_;
    std::string database_;
    std::map<std::string, Program> programs_;
    std::map<std::string, bool> down_;  // hosts that were killed
};

}  // namespace pleiade::faults
