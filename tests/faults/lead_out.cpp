#include "tests/faults/lead_out.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "common/bus/client.h"
#include "tests/faults/bench.h"
#include "tests/faults/checker.h"

namespace pleiade::faults {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kTargetsMax = 200;  // of one command
constexpr const char* kAside = "SELECT id FROM pli WHERE state IN ('QUARANTINED','HELD') ORDER BY n";

bool recover(const Chain& chain, const std::string& verb, const std::string& code) {
    const auto ids = texts_in(chain.store(), kAside);
    bus::Client desk(chain.desk());
    bool all = true;
    for (std::size_t from = 0; from < ids.size(); from += kTargetsMax) {
        v1::Recover command;
        command.set_verb(verb);
        command.set_by("bench");
        command.set_reason("the faults are over");
        command.set_code(code);
        for (std::size_t i = from; i < std::min(ids.size(), from + kTargetsMax); ++i) command.add_ids(ids[i]);
        bus::CallOptions call;
        call.idempotency_key = fmt::format("{} {} {}", verb, ids[from], from);
        call.patience = seconds(20);
        const auto recovered = desk.ask<v1::Recovered>(command, call);
        all = all && recovered.has_value();
        if (!recovered) continue;
        for (const auto& outcome : recovered->outcomes()) {
            all = all && outcome.ok();
            if (!outcome.ok()) fmt::print("    {} {}: {}\n", verb, outcome.id(), outcome.code());
        }
    }
    return all;
}

}  // namespace

bool lead_out(Chain& chain) {
    const auto aside = texts_in(chain.store(), kAside).size();
    bool done = aside == 0 || recover(chain, "un-quarantine", "");
    const auto until = Chain::Clock::now() + seconds(60);
    while (aside > 0 && Chain::Clock::now() < until) {
        chain.tick();
        std::this_thread::sleep_for(milliseconds(50));
        if (count_in(chain.store(), "SELECT tasks_read + tasks_route FROM totals") == 0) break;
    }
    if (!texts_in(chain.store(), kAside).empty()) done = recover(chain, "reject", "ILLEGIBLE") && done;
    const auto left = texts_in(chain.store(), kAside).size();
    return figure("set aside, and led out by the recovery verbs alone", fmt::format("{} of {}", aside - left, aside),
                  "all", done && left == 0);
}

}  // namespace pleiade::faults
