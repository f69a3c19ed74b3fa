// A hub in this process, on sockets of a temporary folder, and those who speak to it.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "common/bus/client.h"
#include "common/wire/messages.h"
#include "services/hub/hub.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/worker_results.h"

namespace pleiade::hub {

class RunningHub {
  public:
    explicit RunningHub(const std::string& home, std::shared_ptr<prometheus::Registry> registry = nullptr,
                        std::uint64_t disk_free_bytes_min = 0, const vault::Vault* vault = nullptr);
    // On TCP alone, on ports that are free.
    RunningHub(const std::string& home, const bus::HubKeys& keys, std::shared_ptr<prometheus::Registry> registry);
    ~RunningHub() { stop(); }
    void stop();
    Hub& hub() { return *hub_; }

    static std::string work(const std::string& home) { return "ipc://" + home + "/run/work"; }
    static std::string desk(const std::string& home) { return "ipc://" + home + "/run/desk"; }

  private:
    void start(HubOptions options, const std::string& home);

    SystemClock clock_;
    std::atomic<bool> stop_{false};
    std::unique_ptr<Hub> hub_;
    std::thread thread_;
};

// Messages by hand.
v1::Register pli_of(const std::string& lot, const std::string& rank);
std::string key_of(const std::string& lot, const std::string& rank);
using test::result_of;
bus::CallOptions with_key(const std::string& key, std::chrono::milliseconds patience = std::chrono::seconds(10));

}  // namespace pleiade::hub
