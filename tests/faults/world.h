// The chain in one thread: the real ledger, dispatcher, batch, vault and ingester, over virtual time, a network that
// loses, repeats, delays and reorders, a disk that forgets, and workers, services and scanners drawn from a seed.
//
// Operation: `run` drops lots, lets the faults come for a while, then lets the chain finish, and gives what the checker
// found. Everything is drawn from the seed: the same one gives the same run, event for event (except the real vault's
// and inbox's file dates, which decide nothing). A crash is thrown from inside the crash point where it happens.
// Concurrency: one thread, one world at a time. Limits: a few dozen plis; the workers are models of
// common/bus/worker.h, whose real code the benches with processes exercise.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/faults/history.h"

namespace pleiade::faults {

struct WorldOptions {
    std::uint64_t seed = 1;
    std::string home;  // of the inbox, the vault and, unless the disk is simulated, the ledger
    int lots = 2;
    int plis_of_lot = 4;
    int workers = 3;
    int poisons = 0;             // plis that kill whoever reads them
    int bad_plis = 0;            // more of each lot, whose file is none
    int doubtful = 3;            // the rank of the pli of a lot that a person keys
    bool leave_once = false;     // workers and keyer, with the first pli of each, until their leases end
    bool simulated_disk = true;  // of the ledger
    bool crashes = true;         // of the hub, the ingester and the workers
    bool power = true;           // some crashes are power losses
    bool always_power = false;   // all of them
    bool network = true;
    bool keep_mail = false;  // the mail is there from a former life
    std::chrono::milliseconds faults_for{15'000};
    std::chrono::milliseconds limit{1'800'000};  // L1: after that, what is not over will never be
    std::string history;                         // file; empty: in memory
    bool judge = true;
    bool trace = false;
};

struct WorldOutcome {
    std::vector<std::string> violations;
    int hub_crashes = 0;
    int ingest_crashes = 0;
    int power_losses = 0;
    int checkpoints_cut = 0;  // of the power losses
    std::size_t acknowledged = 0;
    std::size_t closed = 0;
    int stale = 0;
    std::uint64_t unsynced_lost = 0;
    bool over = false;
};

WorldOutcome run_world(const WorldOptions& options);

}  // namespace pleiade::faults
