// What every process of ours does the same way: flags, configuration, logs, signals, one catch, an exit code.
//
//   int main(int argc, char** argv) {
//       return runtime::run_service("ingest", argc, argv, [](const runtime::Service& service) { ...; return 0; });
//   }
//
// Flags of every service: --home DIR, --config FILE, --check-config (checks and exits), --name NAME.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "common/runtime/settings.h"

namespace pleiade::runtime {

// sysexits, as the contract gives them.
inline constexpr int kExitDone = 0;
inline constexpr int kExitNo = 1;
inline constexpr int kExitUsage = 64;
inline constexpr int kExitBadInput = 65;
inline constexpr int kExitUnavailable = 69;
inline constexpr int kExitInternal = 70;
inline constexpr int kExitConfiguration = 78;

struct Service {
    std::string name;      // "ingest"
    std::string instance;  // --name, default the service's name
    Settings settings;
    const std::atomic<bool>& stop;  // set by SIGTERM and SIGINT
};

int run_service(const std::string& name, int argc, char** argv, const std::function<int(const Service&)>& body,
                const std::function<Result<std::string>(const Settings&)>& check_config = nullptr);

// Every connection is an open file; the system gives 1 024 to who does not ask. A warning when there are fewer.
void allow_open_files(std::uint64_t wanted);

std::string host_name();
// A worker's name: that of its process, and of its host where hubs of other hosts are spoken to.
std::string worker_name(const Service& service);

// Error kind -> exit code: Invalid 65, Unavailable 69, Conflict and NotFound 1; settings and keys that will not do 78.
int exit_code_of(const Error& error);

}  // namespace pleiade::runtime
