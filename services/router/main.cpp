// pleiade-router: takes readings from the hub and answers a decision per document.
#include "common/bus/keys.h"
#include "common/bus/worker.h"
#include "common/ledger/beneficiary_register.h"
#include "common/runtime/log.h"
#include "common/runtime/service.h"
#include "common/wire/convert.h"
#include "services/router/router.h"

namespace {

using namespace pleiade;

Result<v1::Done> decide(const router::Router& router, const v1::Lease& lease) {
    if (lease.stage() != "route" || !lease.has_reading()) {
        return invalid("ROUTER_NO_READING", "the task holds no reading to route");
    }
    v1::Done done;
    auto& decisions = *done.mutable_decisions();
    decisions = wire::to_proto(router.route(wire::from_proto(lease.context()), wire::from_proto(lease.reading())));
    decisions.set_router_version(router.version());
    return done;
}

int run(const runtime::Service& service) {
    const auto router = router::Router::open(service.settings.config_folder,
                                             ledger::open_beneficiaries(service.settings.folder("ledger")));
    if (!router) {
        runtime::log_error("the routing plan cannot be used", router.error());
        return runtime::kExitConfiguration;
    }
    runtime::log_info("routing plan loaded", {{"plan.version", (*router)->version()}});
    const auto ran = bus::run_worker(
        {service.settings.work_endpoint("router"), service.instance + "@" + runtime::host_name(), {"route"}},
        [&](const v1::Lease& lease, bus::TaskContext&) { return decide(**router, lease); }, service.stop);
    if (!ran) {
        runtime::log_error("the router cannot speak to the hubs", ran.error());
        return runtime::exit_code_of(ran.error());
    }
    return runtime::kExitDone;
}

Result<std::string> check(const runtime::Settings& settings) {
    const auto router = router::Router::open(settings.config_folder);
    if (!router) return pass_on(router);
    if (const auto keyed = bus::check_keys(settings.work_endpoint("router")); !keyed) return pass_on(keyed);
    std::string lines = "routing plan version " + (*router)->version();
    for (const auto& line : (*router)->summary()) lines += "\n" + line;
    return lines;
}

}  // namespace

int main(int argc, char** argv) {
    return runtime::run_service("router", argc, argv, run, check);
}
