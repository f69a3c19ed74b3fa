// kill -9 of random processes of a running `pleiade up` while mail flows and a service takes its documents: nothing is
// lost, nothing is closed twice, the equations are exact and the audit chain is whole.
#include <fmt/format.h>

#include <csignal>
#include <map>
#include <random>
#include <thread>

#include "common/bus/client.h"
#include "tests/accept/checks.h"
#include "tests/accept/installation.h"
#include "tests/accept/process.h"

namespace pleiade::accept {
namespace {

using Clock = std::chrono::steady_clock;

// Takes documents of every queue and acknowledges them, and remembers what it was told.
class Service {
  public:
    explicit Service(const std::string& endpoint) : desk_(endpoint) {}

    // One round over the queues; gives how many deliveries were closed.
    int round() {
        int closed = 0;
        const auto status = desk_.ask<v1::Status>(v1::StatusQuery{}, patience());
        if (!status) return 0;
        for (const auto& queue : status->queues()) {
            v1::Take take;
            take.set_caisse(queue.caisse());
            take.set_service(queue.service());
            take.set_count(10);
            take.set_by("bench");
            take.set_lease_seconds(20);
            const auto taken = desk_.ask<v1::Taken>(take, patience(key()));
            if (!taken) continue;
            for (const auto& document : taken->documents()) closed += acknowledge(document) ? 1 : 0;
        }
        return closed;
    }
    int closed() const { return static_cast<int>(acknowledged_.size()); }
    int twice() const { return twice_; }

  private:
    std::string key() { return fmt::format("bench-{}", ++next_key_); }
    static bus::CallOptions patience(std::string key = {}) {
        bus::CallOptions options;
        options.idempotency_key = std::move(key);
        options.patience = std::chrono::seconds(5);
        return options;
    }

    bool acknowledge(const v1::TakenDocument& document) {
        if (acknowledged_.contains(document.delivery_id())) {
            ++twice_;  // it was closed, and is handed out again
            return false;
        }
        v1::Acknowledge done;
        done.set_document(document.row().id());
        done.set_by("bench");
        done.set_fence(document.fence());
        if (!desk_.ask<v1::Acted>(done, patience(key()))) return false;
        acknowledged_[document.delivery_id()] = document.row().id();
        return true;
    }

    bus::Client desk_;
    std::map<std::string, std::string> acknowledged_;
    int twice_ = 0;
    int next_key_ = 0;
};

// One victim among the supervisor's children and, now and then, the supervisor itself.
void kill_one(Installation& system, std::mt19937_64& random, std::map<std::string, int>& victims) {
    const auto children = children_of(system.up().pid());
    if (children.empty() || random() % 20 == 0) {
        ++victims["pleiade up"];
        system.up().signal(SIGKILL);
        while (system.up().running()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        system.up().start();
        return;
    }
    const auto& victim = children[random() % children.size()];
    ++victims[victim.name];
    ::kill(victim.pid, SIGKILL);
}

// Documents that the journal says were closed more than once.
int closed_twice(bus::Client& desk, int& transitions) {
    std::map<std::string, int> closures;
    std::int64_t after = 0;
    while (true) {
        v1::EventsQuery query;
        query.set_after(after);
        query.set_limit(500);
        const auto events = desk.ask<v1::Events>(query);
        if (!events || events->events_size() == 0) break;
        for (const auto& event : events->events()) {
            ++transitions;
            after = event.seq();
            // A document with a copy has two deliveries, each closed once: what is counted is the document itself.
            if (event.kind() == "document.closed") ++closures[event.document_id()];
        }
    }
    int twice = 0;
    for (const auto& [document, count] : closures) twice += count > 1 ? 1 : 0;
    return twice;
}

}  // namespace

bool kills(const Options& options) {
    Installation system(options, "[hub]\nlease_ms = 4000\n");
    if (!system.draw_mail(options.plis)) return figure("the generator", "failed", "exit 0", false);
    fmt::print("seed {}: {} plis, {} kills\n", options.seed, options.plis, options.kills);
    system.start(2);
    Service service(system.desk_endpoint());
    std::mt19937_64 random(options.seed);
    std::map<std::string, int> victims;

    // Mail is dropped lot by lot, so that ingest is at work for as long as the kills last.
    const auto started = Clock::now();
    int done = 0;
    while (done < options.kills) {
        system.drop_lots_until(static_cast<double>(done + 1) / options.kills);
        const auto pause = std::chrono::milliseconds(300 + random() % 1'200);  // a restart takes 0.2 s and more
        std::this_thread::sleep_for(pause);
        kill_one(system, random, victims);
        ++done;
        if (done % 5 == 0) service.round();
        if (done % 20 == 0)
            fmt::print("  {} kills, {} deliveries closed\n", done, service.closed()), std::fflush(stdout);
    }
    system.drop_lots_until(1.0);

    const auto status = system.wait_until_idle(std::chrono::minutes(15 + options.plis / 20));
    if (!status) return figure("all mail routed after the kills", "no", "yes", false);
    for (int empty = 0; empty < 2;) empty = service.round() == 0 ? empty + 1 : 0;
    bus::Client desk(system.desk_endpoint());
    const auto end = desk.ask<v1::Status>(v1::StatusQuery{});
    if (!end) return figure("the hub answers", "no", "yes", false);
    int transitions = 0;
    const int twice = closed_twice(desk, transitions);

    fmt::print("{:.0f} s; killed:", std::chrono::duration<double>(Clock::now() - started).count());
    for (const auto& [name, count] : victims) fmt::print(" {} × {},", count, name);
    fmt::print(" {} transitions in the journal\n", transitions);
    const auto differences = end->difference_plis() | end->difference_documents() | end->difference_pages();
    bool good = figure("kills", std::to_string(done), std::to_string(options.kills), done >= options.kills);
    good &= figure("plis lost", std::to_string(options.plis - end->plis_registered() - end->plis_rejected()), "0",
                   end->plis_registered() == options.plis && end->plis_missing() == 0);
    good &= figure("documents closed", std::to_string(end->closed()), "some", end->closed() > 0);
    good &=
        figure("documents closed twice", std::to_string(twice + service.twice()), "0", twice + service.twice() == 0);
    good &=
        figure("conservation differences (plis, documents, pages)",
               fmt::format("{}, {}, {}", end->difference_plis(), end->difference_documents(), end->difference_pages()),
               "0, 0, 0", differences == 0);
    figure("plis in quarantine (lost their worker three times)", std::to_string(end->plis_quarantined()), "(shown)",
           true);
    const int stopped = system.stop();
    good &= figure("graceful stop", fmt::format("exit {}", stopped), "exit 0", stopped == 0);
    const int verified = system.verify();
    good &= figure("pleiade verify", fmt::format("exit {}", verified), "exit 0", verified == 0);
    return good;
}

}  // namespace pleiade::accept
