// The chain as processes: one hub or several, ingest, stub readers, router and gateway of a home of its own, started
// again when they die, no faster than a supervisor would.
//
// Operation: `start_all`, then `tick` now and then. `kill` is kill -9; `pause` and `resume` are SIGSTOP and SIGCONT.
// Concurrency: one thread. Ends all that it started.
#pragma once

#include <fmt/format.h>
#include <sys/types.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "tests/faults/store_reader.h"

namespace pleiade::faults {

struct ChainOptions {
    std::string bin{};
    std::string home{};
    int readers = 2;
    bool router = false;  // the real one; else the stubs route too
    bool gateway = false;
    int lease_ms = 1'500;
    int work_ms = 0;  // of a stub
    std::uint64_t hub_disk_free_bytes_min = 1 << 20;
    std::map<std::string, std::string> environment{};  // of every process
    std::string work_endpoint{};                       // of the workers and ingest; empty: the hubs' own
    std::string store_url{};                           // of the hubs; empty: SQLite
    int hubs = 1;  // of several, which need PostgreSQL, each has a folder of its own
};

class Chain {
  public:
    using Clock = std::chrono::steady_clock;

    explicit Chain(ChainOptions options);
    ~Chain();
    Chain(const Chain&) = delete;
    Chain& operator=(const Chain&) = delete;

    void start_all();
    void start_hubs();  // and no more, as long as nobody says so
    void start_readers();
    void start(const std::string& name, const std::map<std::string, std::string>& environment = {});
    void kill(const std::string& name, int signal = 9);
    void pause(const std::string& name) { kill(name, 19); }
    void resume(const std::string& name) { kill(name, 18); }
    // Starts again what has died, after a short pause; how many did.
    int tick();
    // SIGTERM to all, the hub last; false when one had to be killed after `grace`.
    bool stop(std::chrono::milliseconds grace = std::chrono::seconds(10));
    bool running(const std::string& name) const { return processes_.contains(name) && processes_.at(name).pid > 0; }
    long resident_kb(const std::string& name) const;
    std::vector<std::string> names() const;
    int starts(const std::string& name) const { return processes_.at(name).starts; }

    // Of all hubs, as HubAddress takes them, from one of them on.
    std::string work(int from = 1) const { return endpoints("work", from); }
    std::string desk(int from = 1) const { return endpoints("desk", from); }
    StorePlace store() const { return {options_.home, options_.store_url}; }
    std::uint16_t gateway_port() const { return gateway_port_; }  // 0: there is no gateway
    const std::string& home() const { return options_.home; }

  private:
    struct Process {
        pid_t pid = -1;
        int starts = 0;
        Clock::time_point due{};
        std::map<std::string, std::string> environment;
    };
    // "hub", "hub-2"...
    std::string hub_name(int number) const { return number == 1 ? "hub" : fmt::format("hub-{}", number); }
    std::string hub_home(int number) const { return options_.home + (number == 1 ? "" : "/" + hub_name(number)); }
    std::string endpoints(const std::string& of, int from) const;
    // The hub that is a process's first choice: readers share them out.
    int hub_of(const std::string& name) const;
    void spawn(const std::string& name, Process& process);
    bool reap(Process& process);

    const ChainOptions options_;
    const std::uint16_t gateway_port_;
    std::map<std::string, Process> processes_;
};

// Of loopback, below those that the kernel gives to clients: one of these would else connect to itself, now and then,
// while who is to listen there is down.
std::uint16_t free_port();

// Whole, or an exception: the disk may be full for the scanner too.
void put_file(const std::string& path, const std::string& bytes);

// A lot of invented one-page scans, 16 by 16 pixels each, all different; its manifest last.
void drop_lot(const std::string& home, const std::string& lot, int plis, const std::string& caisse = "595",
              const std::string& first_rank = "", bool registered_mail = false);

}  // namespace pleiade::faults
