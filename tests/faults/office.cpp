#include "tests/faults/office.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "common/base/sha256.h"
#include "common/bus/client.h"
#include "common/ledger/ledger.h"
#include "common/vault/open.h"
#include "tests/faults/bench.h"
#include "tests/faults/checker.h"
#include "tests/faults/web_service.h"

namespace pleiade::faults {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kInboxLotsMax = 4;
constexpr long long kTasksWaitingMax = 60;
constexpr milliseconds kLookEvery{200};

bus::CallOptions with_key(const std::string& key) {
    bus::CallOptions options;
    options.idempotency_key = key;
    options.patience = seconds(2);
    options.resend_every = milliseconds(300);
    return options;
}

}  // namespace

Office::Office(const Chain& chain, std::uint64_t seed, milliseconds pace, int plis_of_lot)
    : Office(Premises{.home = chain.home(),
                      .work = chain.work(),
                      .desk = chain.desk(),
                      .gateway_port = chain.gateway_port(),
                      .tasks_waiting =
                          [store = chain.store()] {
                              return count_in(store, "SELECT tasks_read + tasks_route FROM totals");
                          }},
             seed, pace, plis_of_lot) {}

Office::Office(Premises premises, std::uint64_t seed, milliseconds pace, int plis_of_lot)
    : at_(std::move(premises)),
      seed_(seed),
      pace_(pace),
      plis_of_lot_(plis_of_lot),
      dropper_([this] { drop(); }),
      scanner_([this] { scan(); }),
      service_([this] { serve(); }),
      web_service_([this] { serve_over_the_web(); }) {}

void Office::finish() {
    enough_ = true;
    stop_ = true;
    for (std::thread* const thread : {&dropper_, &scanner_, &service_, &web_service_}) {
        if (thread->joinable()) thread->join();
    }
}

// A scanner waits for a full inbox, and for a hub with much to do: a slow machine then has no tail of mail to read once
// the faults are over.
bool Office::inbox_is_full() const {
    std::error_code error;
    int lots = 0;
    for (fs::directory_iterator it(at_.home + "/inbox", error), end; !error && it != end; it.increment(error)) ++lots;
    return lots > kInboxLotsMax;
}

bool Office::hub_is_behind() {
    const std::lock_guard lock(looking_);
    if (std::chrono::steady_clock::now() - looked_at_ < kLookEvery) return behind_;
    looked_at_ = std::chrono::steady_clock::now();
    return behind_ = at_.tasks_waiting() > kTasksWaitingMax;
}

void Office::wait_for_room(const std::function<bool()>& full) {
    while (!enough_ && !stop_ && (full() || hub_is_behind())) std::this_thread::sleep_for(milliseconds(50));
}

void Office::drop() {
    for (int i = 1; !enough_; ++i) {
        wait_for_room([this] { return inbox_is_full(); });
        const auto lot = fmt::format("D{}-{}", seed_, i);
        try {
            drop_lot(at_.home, lot, plis_of_lot_);
        } catch (const std::exception&) {  // the disk is full, for the scanner too: it was not dropped
            std::this_thread::sleep_for(milliseconds(200));
            --i;
            continue;
        }
        {
            const std::lock_guard lock(mutex_);
            for (int n = 1; n <= plis_of_lot_; ++n) history_.note_dropped(lot, fmt::format("{:05}", n));
        }
        dropped_ += plis_of_lot_;
        std::this_thread::sleep_for(pace_);
    }
    ++scanned_;
}

// As ingest does: the file is in the vault before its pli is registered.
void Office::scan() {
    bus::Client client(at_.work);
    const auto vault = vault::open_posix_vault(at_.home + "/vault");
    const auto lot = fmt::format("S{}", seed_);
    const std::string path = at_.home + "/scan";
    for (int i = 1; !enough_ && !stop_; ++i) {
        wait_for_room([] { return false; });
        const auto rank = std::to_string(i);
        const auto key = sha256_hex(lot + "/" + rank);
        try {
            put_file(path, "scan " + key);
        } catch (const std::exception&) {
            std::this_thread::sleep_for(milliseconds(200));
            --i;
            continue;
        }
        const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        const auto stored = vault->put(PliId(ledger::pli_id_of(key)), fd, rank);
        ::close(fd);
        if (!stored) continue;
        v1::Register pli;
        pli.mutable_context()->set_lot(lot);
        pli.mutable_context()->set_pli(rank);
        pli.mutable_context()->set_caisse("595");
        pli.mutable_context()->set_received_on("2026-11-20");
        pli.add_files()->set_sha256(stored->sha256);
        pli.mutable_files(0)->set_size_bytes(stored->size_bytes);
        pli.add_pages()->set_page(1);
        Result<v1::Registered> answer = unavailable("", "");
        while (!answer && !stop_) answer = client.ask<v1::Registered>(pli, with_key(key));
        if (!answer) break;
        const std::lock_guard lock(mutex_);
        history_.note_registered(answer->pli_id());
        ++registered_;
        std::this_thread::sleep_for(milliseconds(20));
    }
    ++scanned_;
}

void Office::serve() {
    bus::Client client(at_.desk);
    for (int command = 1; !stop_; ++command) {
        v1::Take take;
        take.set_caisse("595");
        take.set_service(command % 2 == 0 ? "ELSM" : "IJ");
        take.set_by("bench");
        take.set_count(20);
        take.set_lease_seconds(20);
        Result<v1::Taken> taken = unavailable("", "");
        while (!taken && !stop_) taken = client.ask<v1::Taken>(take, with_key(fmt::format("take {}", command)));
        if (!taken) return;
        for (const auto& document : taken->documents()) {
            v1::Acknowledge receipt;
            receipt.set_document(document.row().id());
            receipt.set_by("bench");
            receipt.set_fence(document.fence());
            const auto key = fmt::format("receipt {} {}", document.delivery_id(), document.fence());
            Result<v1::Acted> acted = unavailable("", "");
            while (!acted && acted.error().kind == ErrorKind::Unavailable && !stop_) {
                acted = client.ask<v1::Acted>(receipt, with_key(key));
            }
            if (acted) note_closed(document.delivery_id());
        }
        if (taken->documents().empty()) std::this_thread::sleep_for(milliseconds(20));
    }
}

void Office::serve_over_the_web() {
    if (at_.gateway_port == 0) return;
    at_.go_to_gateway();
    WebService service(at_.desk, at_.gateway_port, "595", "IJ", stop_);
    service.run([this](const std::string& delivery) {
        note_closed(delivery);
        ++closed_over_the_web_;
    });
}

void Office::note_closed(const std::string& delivery) {
    const std::lock_guard lock(mutex_);
    history_.note_closed(delivery);
    ++closed_;
}

bool wait_until_over(const StorePlace& store, Office& office, seconds patience,
                     const std::function<void()>& keep_alive) {
    office.enough();
    const auto until = Chain::Clock::now() + patience;
    auto look_at = Chain::Clock::now();
    while (Chain::Clock::now() < until) {
        keep_alive();
        std::this_thread::sleep_for(milliseconds(20));
        if (!office.scanned() || Chain::Clock::now() < look_at) continue;
        look_at = Chain::Clock::now() + milliseconds(300);
        const auto there = count_in(store, "SELECT count(*) FROM pli");
        if (there >= office.dropped() + office.registered() && at_rest(store)) return true;
    }
    return false;
}

bool wait_until_over(Chain& chain, Office& office, seconds patience) {
    return wait_until_over(chain.store(), office, patience, [&] { chain.tick(); });
}

bool judge(const StorePlace& place, const History& history, bool ended) {
    Expected expected;
    expected.ended = ended;
    const auto violations = check(place, history, expected);
    for (const auto& violation : violations) fmt::print("    {}\n", violation);
    return figure("invariants I1-I8, L1, L2 broken", std::to_string(violations.size()), "0", violations.empty());
}

bool judge_begun_once(const StorePlace& place, const History& history, bool ended) {
    const auto done = count_in(place, "SELECT count(*) FROM task WHERE state = 'DONE'");
    const auto twice = count_in(place, "SELECT count(*) FROM task WHERE fence > 1");
    bool good = figure("tasks done", std::to_string(done), "some", done > 0);
    good &= figure("of them begun more than once", std::to_string(twice), "0", twice == 0);
    good &= figure("all over", ended ? "yes" : "no", "yes", ended);
    good &= judge(place, history, ended);
    return good;
}

}  // namespace pleiade::faults
