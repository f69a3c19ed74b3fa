// pleiade-stub-reader: leases and answers as the reader does, without reading anything: what the bench with processes
// breaks is the chain around it. A pli whose rank begins with "poison" kills it, "stall" makes it forget its lease.
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>

#include "common/bus/worker.h"
#include "common/runtime/service.h"
#include "tests/faults/stub_result.h"

namespace {

using namespace pleiade;

int serve(const runtime::Service& service) {
    const char* const both = std::getenv("PLEIADE_STUB_STAGES");
    std::vector<std::string> stages{"read"};
    if (both != nullptr) stages = {"route", "read"};
    const bool zombie = std::getenv("PLEIADE_STUB_ZOMBIE") != nullptr;  // never asks whether its lease is still good
    const char* const work = std::getenv("PLEIADE_STUB_WORK_MS");
    const std::chrono::milliseconds length{work == nullptr ? 0 : std::atoi(work)};
    bus::run_worker(
        {service.settings.work_endpoint("reader"), service.instance + "@bench", stages},
        [&](const v1::Lease& lease, bus::TaskContext& context) -> Result<v1::Done> {
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
