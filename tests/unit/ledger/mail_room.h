// A ledger on each engine, in a temporary folder, a clock that moves when told to, and short words for what the
// services say to it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/ledger/ledger.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/ledger/test_store.h"

namespace pleiade::ledger {

class MailRoom : public ::testing::TestWithParam<Engine> {
  protected:
    MailRoom();
    void SetUp() override;  // skips what the machine has no engine for

    void open();     // as a hub that starts
    void restart();  // as one that was killed: whatever was not committed is gone

    // Each says one thing in a batch of its own and checks the equations after it.
    Result<v1::LotOpened> open_lot(const std::string& lot, int plis, const std::string& content = "c1");
    Result<v1::Registered> register_pli(const v1::Register& pli, const std::string& key);
    // A pli of the lot, of `pages` pages that no other pli has; its id.
    std::string register_new(const std::string& lot, const std::string& rank, int pages = 1,
                             const std::string& caisse = "595", const std::string& registered_mail = "");
    Result<v1::Rejected> reject(const std::string& lot, const std::string& pli, const std::string& code,
                                const std::string& key);
    std::optional<GrantedTask> lease(const std::string& worker,
                                     const std::vector<std::string>& stages = {"read", "route"},
                                     const std::string& request = "", std::int64_t incarnation = 1);
    Result<Verdict> finish(const GrantedTask& task, const v1::Done& done);
    Verdict give_up(const GrantedTask& task, const std::string& kind);
    Expired expire();
    Result<v1::Taken> take(const v1::Take& take, const std::string& key = "");
    Result<v1::Acted> acknowledge(const v1::TakenDocument& taken, const std::string& by, const std::string& key = "");
    Result<v1::Acted> send_back(const v1::TakenDocument& taken, const std::string& by, const std::string& code);
    Result<v1::Acted> release(const v1::TakenDocument& taken, const std::string& by);

    // Leads one pli to its queue; the reading's documents are given by their pages.
    void read_and_route(const v1::Done& reading, const v1::Done& decisions);
    std::string queue_one(const std::string& lot, const std::string& rank);  // a one-page pli, to 595/IJ; document id

    v1::Status status();
    std::string state_of(const std::string& document);
    std::string pli_state(const std::string& pli);
    void expect_whole();  // verify() finds nothing

    test::TemporaryFolder folder_;
    ManualClock clock_;
    LedgerOptions options_;
    std::unique_ptr<TestStore> store_;
    std::unique_ptr<Ledger> ledger_;
    std::unique_ptr<LedgerReader> reader_;
    int said_ = 0;
};

// The conformance suite: the same tests over both engines; what is of one alone says so.
inline std::string engine_of(const ::testing::TestParamInfo<Engine>& test) {
    return name_of(test.param);
}
#define ON_BOTH_ENGINES(suite) \
    INSTANTIATE_TEST_SUITE_P(Engines, suite, ::testing::Values(Engine::Sqlite, Engine::Postgres), engine_of)
#define ON_ONE_ENGINE(suite, engine) INSTANTIATE_TEST_SUITE_P(Engines, suite, ::testing::Values(engine), engine_of)

std::string digest(const std::string& text);
v1::Register pli_of(const std::string& lot, const std::string& rank, int pages, const std::string& content);

// Readings and decisions by hand.
v1::Done reading_of(const std::vector<std::vector<int>>& documents, const std::vector<int>& blanks = {});
v1::Done routed(int document, const std::string& service, const std::string& due = "2026-11-20T18:00:00+01:00");
v1::Done to_key(int document);
v1::Decision decision_of(int document, const std::string& service,
                         const std::string& due = "2026-11-20T18:00:00+01:00");
v1::Take from_queue(const std::string& caisse, const std::string& service, int count = 1,
                    const std::string& by = "ij-1");

}  // namespace pleiade::ledger
