// `pleiade keys bus`: the keys of the bus over tcp://. Needs no hub: files of this host alone.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "common/bus/keys.h"
#include "common/runtime/service.h"
#include "services/cli/answers.h"
#include "services/cli/bus_keys.h"
#include "services/cli/commands.h"

namespace pleiade::cli {
namespace {

const SystemClock kClock;

BusKeyRing ring_of(const runtime::Settings& settings) {
    return {settings.bus_keys_folder(), settings.bus_allowed_file(), kClock};
}

bool is_hub(const BusKeyMade& made) {
    return made.key.role == "hub";
}

// The public half alone on standard output, for scripts; what to do with it for people.
int made_one(const Result<BusKeyMade>& made, const std::string& advice) {
    if (!made) return fail_with(made.error());
    if (!made->file.empty()) fmt::print(stderr, "the secret is in {}\n", made->file);
    fmt::print(stderr, "{} ({}, {}): {}\n", made->key.name, made->key.role, bus::fingerprint_of(made->key.public_key),
               advice);
    fmt::print("{}\n", made->key.public_key);
    return runtime::kExitDone;
}

std::string advice_on_new(const Result<BusKeyMade>& made) {
    if (made && is_hub(*made)) return "its public key belongs into bus.hub_keys of everybody else";
    return "let in; on hubs of other hosts: pleiade keys bus allow PUBLIC --name NAME --role ROLE";
}

std::string advice_on_second(const Result<BusKeyMade>& made) {
    if (made && is_hub(*made)) {
        return "add its public key to bus.hub_keys of everybody else and start them again; then rotate --finish";
    }
    return "both keys are good; its process takes the new one at its next connection, by rotate --finish at the latest";
}

}  // namespace

int bus_keys_create(const runtime::Settings& settings, const BusKeyOptions& options) {
    const auto made = ring_of(settings).create(options.name, options.role, options.out);
    return made_one(made, advice_on_new(made));
}

int bus_keys_allow(const runtime::Settings& settings, const BusKeyOptions& options) {
    const auto made = ring_of(settings).allow(options.public_key, options.name, options.role);
    return made_one(made, advice_on_new(made));
}

int bus_keys_rotate(const runtime::Settings& settings, const BusKeyOptions& options) {
    auto ring = ring_of(settings);
    if (!options.finish) {
        const auto made = ring.rotate(options.name, options.public_key);
        return made_one(made, advice_on_second(made));
    }
    const auto made = ring.finish(options.name);
    const bool hub = made && is_hub(*made);
    return made_one(made, hub ? "start the hub again, then take the older key out of bus.hub_keys"
                              : "the older key is refused from now on");
}

int bus_keys_revoke(const runtime::Settings& settings, const std::string& name) {
    if (const auto revoked = ring_of(settings).revoke(name); !revoked) return fail_with(revoked.error());
    fmt::print("{} revoked; the hubs of this host refuse it within a second, and what it says on links it has\n", name);
    return runtime::kExitDone;
}

int bus_keys_list(const runtime::Settings& settings, bool json) {
    const auto keys = ring_of(settings).list();
    if (!keys) return fail_with(keys.error());
    if (!json) fmt::print("{:<24} {:<8} {:<8} {:<20} {}\n", "name", "role", "state", "created", "fingerprint");
    for (const auto& key : *keys) {
        const auto fingerprint = bus::fingerprint_of(key.public_key);
        if (json) {
            fmt::print("{}\n", boost::json::serialize(boost::json::object{{"name", key.name},
                                                                          {"role", key.role},
                                                                          {"state", key.state},
                                                                          {"created", key.created},
                                                                          {"fingerprint", fingerprint},
                                                                          {"public", key.public_key}}));
        } else {
            fmt::print("{:<24} {:<8} {:<8} {:<20} {}\n", key.name, key.role, key.state, key.created, fingerprint);
        }
    }
    return runtime::kExitDone;
}

}  // namespace pleiade::cli
