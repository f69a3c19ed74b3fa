// pleiade-stub-reader: leases and answers as the reader does, without reading anything: what the bench with processes
// breaks is the chain around it. With vault.url = "hub:" it fetches the files first, as the reader does. A pli whose
// rank begins with "poison" kills it, "stall" makes it forget its lease.
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "common/bus/worker.h"
#include "common/hub_vault/open.h"
#include "common/runtime/service.h"
#include "common/vault/local_file.h"
#include "tests/faults/stub_result.h"

namespace {

using namespace pleiade;

int serve(const runtime::Service& service) {
    const auto& settings = service.settings;
    const auto vault = hub_vault::open_vault({settings.vault.url, settings.home, settings.vault.cache_bytes_max},
                                             settings.work_endpoint("reader"));
    if (!vault) return runtime::exit_code_of(vault.error());
    const bool fetches = settings.vault.url == vault::kHubUrl;
    const char* const both = std::getenv("PLEIADE_STUB_STAGES");
    std::vector<std::string> stages{"read"};
    if (both != nullptr) stages = {"route", "read"};
    const bool zombie = std::getenv("PLEIADE_STUB_ZOMBIE") != nullptr;  // never asks whether its lease is still good
    const char* const work = std::getenv("PLEIADE_STUB_WORK_MS");
    const std::chrono::milliseconds length{work == nullptr ? 0 : std::atoi(work)};
    bus::run_worker(
        {settings.work_endpoint("reader"), service.instance + "@bench", stages},
        [&](const v1::Lease& lease, bus::TaskContext& context) -> Result<v1::Done> {
            if (fetches) {
                std::vector<std::string> digests;
                for (const auto& file : lease.files()) digests.push_back(file.sha256());
                const auto fetched = vault::local_files(**vault, PliId(lease.pli_id()), digests,
                                                        [&] { return zombie || context.alive(); });
                if (!fetched) return pass_on(fetched);
            }
            if (lease.context().pli().starts_with("poison")) std::raise(SIGKILL);
            if (lease.context().pli().starts_with("stall")) std::this_thread::sleep_for(std::chrono::seconds(5));
            const auto until = std::chrono::steady_clock::now() + length;
            while (std::chrono::steady_clock::now() < until) {
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
                if (!zombie && !context.alive()) break;
            }
            return faults::result_of(lease);
        },
        service.stop);
    return runtime::kExitDone;
}

}  // namespace

int main(int argc, char** argv) {
    return runtime::run_service("reader", argc, argv, serve);
}
