#include "tests/unit/ledger/mail_room.h"

namespace pleiade::ledger {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Tasks : public MailRoom {};

TEST_P(Tasks, GivesTheFilesAndPagesWithTheLease) {
    const std::string pli = register_new("L1", "0001", 3);
    const auto task = lease("r1");
    ASSERT_TRUE(task.has_value());
    EXPECT_EQ(task->lease.stage(), "read");
    EXPECT_EQ(task->lease.pli_id(), pli);
    EXPECT_EQ(task->lease.lease_ms(), 30'000);
    EXPECT_EQ(task->lease.attempt(), 1);
    EXPECT_EQ(task->lease.files_size(), 1);
    EXPECT_EQ(task->lease.pages_size(), 3);
    EXPECT_EQ(task->lease.context().lot(), "L1");
    EXPECT_FALSE(task->lease.context().registered_at().empty());
    EXPECT_EQ(pli_state(pli), "READING");
    EXPECT_FALSE(lease("r2").has_value());
    expect_whole();
}

TEST_P(Tasks, ServesRegisteredMailFirstThenCaisseAfterCaisse) {
    register_new("L1", "0001", 1, "595");
    register_new("L1", "0002", 1, "595");
    register_new("L1", "0003", 1, "595");
    register_new("L2", "0001", 1, "621");
    register_new("L3", "0001", 1, "761", "1A12345678901");
    std::vector<std::string> order;
    for (int i = 0; i < 5; ++i) {
        const auto task = lease("r" + std::to_string(i));
        ASSERT_TRUE(task.has_value());
        order.push_back(task->lease.context().caisse() + "/" + task->lease.context().pli());
    }
    EXPECT_EQ(order, (std::vector<std::string>{"761/0001", "595/0001", "621/0001", "595/0002", "595/0003"}));
}

TEST_P(Tasks, GiveTheSameLeaseToTheSameRequest) {
    register_new("L1", "0001");
    register_new("L1", "0002");
    const auto first = lease("r1", {"read"}, "request");
    restart();  // the hub was killed before its answer left
    const auto again = lease("r1", {"read"}, "request");
    ASSERT_TRUE(again.has_value());
    EXPECT_TRUE(again->again);
    EXPECT_EQ(again->task_id, first->task_id);
    EXPECT_EQ(again->fence, first->fence);
    expect_whole();
}

TEST_P(Tasks, RefuseTheResultOfALeaseThatWasGivenToAnother) {
    const std::string pli = register_new("L1", "0001");
    const auto zombie = lease("r1");
    clock_.advance(seconds(31));
    EXPECT_EQ(expire().tasks, 1);
    EXPECT_EQ(pli_state(pli), "REGISTERED");
    const auto heir = lease("r2");
    ASSERT_TRUE(heir.has_value());
    EXPECT_GT(heir->fence, zombie->fence);

    EXPECT_EQ(finish(*zombie, reading_of({{1}})).value(), Verdict::Stale);
    EXPECT_EQ(give_up(*zombie, "transient"), Verdict::Stale);
    ledger_->begin();
    EXPECT_EQ(ledger_->renew(zombie->task_id, zombie->fence), Verdict::Stale);
    ledger_->commit();
    EXPECT_EQ(pli_state(pli), "READING");
    EXPECT_EQ(finish(*heir, reading_of({{1}})).value(), Verdict::Accepted);
    EXPECT_EQ(status().created(), 1);
    expect_whole();
}

TEST_P(Tasks, AcceptAResultSaidAgainAndRefuseAnotherOne) {
    register_new("L1", "0001");
    const auto task = lease("r1");
    EXPECT_EQ(finish(*task, reading_of({{1}})).value(), Verdict::Accepted);
    restart();
    EXPECT_EQ(finish(*task, reading_of({{1}})).value(), Verdict::Accepted);
    EXPECT_EQ(finish(*task, reading_of({}, {1})).value(), Verdict::Stale);
    EXPECT_EQ(status().created(), 1);
    ledger_->begin();
    EXPECT_EQ(ledger_->finish("not a task", 1, "", {}).value(), Verdict::Stale);
    EXPECT_EQ(ledger_->finish("999", 1, "", {}).value(), Verdict::Stale);
    ledger_->commit();
    expect_whole();
}

TEST_P(Tasks, KeepALeaseThatIsRenewed) {
    register_new("L1", "0001");
    const auto task = lease("r1");
    for (int i = 0; i < 10; ++i) {
        clock_.advance(seconds(20));
        ledger_->begin();
        EXPECT_EQ(ledger_->renew(task->task_id, task->fence), Verdict::Accepted);
        ledger_->commit();
        EXPECT_EQ(expire().tasks, 0);
    }
    EXPECT_EQ(finish(*task, reading_of({{1}})).value(), Verdict::Accepted);
}

TEST_P(Tasks, DoNotMindAClockThatIsSetBack) {
    register_new("L1", "0001");
    const auto task = lease("r1");
    clock_.step_wall(-std::chrono::hours(24));
    EXPECT_EQ(expire().tasks, 0);
    clock_.step_wall(std::chrono::hours(48));
    EXPECT_EQ(expire().tasks, 0);
    EXPECT_EQ(finish(*task, reading_of({{1}})).value(), Verdict::Accepted);
    expect_whole();
}

TEST_P(Tasks, GiveAFreshPeriodToTheLeasesOfAFormerHub) {
    register_new("L1", "0001");
    const auto task = lease("r1");
    clock_.advance(seconds(25));
    restart();
    clock_.advance(seconds(25));
    EXPECT_EQ(expire().tasks, 0);
    clock_.advance(seconds(6));
    EXPECT_EQ(expire().tasks, 1);
    EXPECT_EQ(finish(*task, reading_of({{1}})).value(), Verdict::Stale);
}

TEST_P(Tasks, WaitLongerAfterEachFailureAndThenGoToQuarantine) {
    const std::string pli = register_new("L1", "0001");
    const milliseconds steps[] = {seconds(1), seconds(5), seconds(30), seconds(120)};
    for (const auto step : steps) {
        const auto task = lease("r1");
        ASSERT_TRUE(task.has_value());
        EXPECT_EQ(give_up(*task, "transient"), Verdict::Accepted);
        clock_.advance(step * 79 / 100);
        expire();
        EXPECT_FALSE(lease("r1").has_value());
        clock_.advance(step * 42 / 100);
        expire();
    }
    const auto last = lease("r1");
    ASSERT_TRUE(last.has_value());
    EXPECT_EQ(last->lease.attempt(), 5);
    give_up(*last, "transient");
    EXPECT_EQ(pli_state(pli), "QUARANTINED");
    EXPECT_EQ(status().plis_quarantined(), 1);
    EXPECT_EQ(status().plis_in_flight(), 0);
    EXPECT_EQ(status().pages_in_flight(), 1);
    expect_whole();
}

TEST_P(Tasks, StartTheWaitAfreshWhenTheHubDoes) {
    register_new("L1", "0001");
    give_up(*lease("r1"), "transient");
    restart();
    clock_.advance(milliseconds(700));
    expire();
    EXPECT_FALSE(lease("r1").has_value());
    clock_.advance(milliseconds(600));
    expire();
    EXPECT_TRUE(lease("r1").has_value());
}

TEST_P(Tasks, PutAsideAtOnceWhatCannotSucceed) {
    for (const std::string kind : {"permanent", "poison", "a word of tomorrow"}) {
        const std::string pli = register_new("L1", kind);
        give_up(*lease("r1"), kind);
        EXPECT_EQ(pli_state(pli), "QUARANTINED");
    }
    const auto aside = reader_->aside({}).value();
    ASSERT_EQ(aside.plis_size(), 3);
    EXPECT_EQ(aside.plis(0).code(), "ENGINE_FAILED");
    EXPECT_EQ(aside.plis(0).stage(), "read");
    expect_whole();
}

TEST_P(Tasks, SuspectThePliThatTookThreeLivesOfTwoWorkers) {
    const std::string pli = register_new("L1", "0001");
    EXPECT_TRUE(lease("r1", {"read"}, "", 1).has_value());
    EXPECT_TRUE(lease("r1", {"read"}, "", 2).has_value());   // started again: the same pli, at once
    EXPECT_FALSE(lease("r1", {"read"}, "", 3).has_value());  // the second time it waits
    EXPECT_EQ(pli_state(pli), "REGISTERED");
    clock_.advance(seconds(7));
    expire();
    EXPECT_TRUE(lease("r2", {"read"}, "", 1).has_value());
    clock_.advance(seconds(31));
    expire();
    EXPECT_EQ(pli_state(pli), "QUARANTINED");
    expect_whole();
}

TEST_P(Tasks, QuarantineAReadingThatLosesAPage) {
    const std::vector<v1::Done> wrong = {
        reading_of({{1}}),          // page 2 is nowhere
        reading_of({{1, 2}, {2}}),  // page 2 is in two documents
        reading_of({{1, 2, 3}}),    // page 3 is not of this pli
        reading_of({{}}, {1, 2}),   // a document of no page
        routed(1, "IJ"),            // not a reading
        v1::Done{},                 // nothing
    };
    int rank = 0;
    for (const auto& done : wrong) {
        const std::string pli = register_new("L1", std::to_string(++rank), 2);
        const auto refused = finish(*lease("r1"), done);
        ASSERT_FALSE(refused.has_value()) << rank;
        EXPECT_EQ(refused.error().code, "RESULT_INVALID");
        EXPECT_EQ(pli_state(pli), "QUARANTINED");
    }
    EXPECT_EQ(status().created(), 0);
    EXPECT_EQ(status().pages_in_flight(), 2 * rank);
    expect_whole();
}

TEST_P(Tasks, CountThePagesOfAReading) {
    register_new("L1", "0001", 5);
    v1::Done reading = reading_of({{1, 2}, {4}}, {3, 5});
    reading.mutable_reading()->mutable_pages(4)->set_kind("envelope");
    EXPECT_EQ(finish(*lease("r1"), reading).value(), Verdict::Accepted);
    const auto now = status();
    EXPECT_EQ(now.pages_scanned(), 5);
    EXPECT_EQ(now.pages_in_documents(), 3);
    EXPECT_EQ(now.pages_blank(), 1);
    EXPECT_EQ(now.pages_envelope(), 1);
    EXPECT_EQ(now.pages_in_flight(), 0);
    EXPECT_EQ(now.created(), 2);
    EXPECT_EQ(now.in_flight(0).count(), 2);
    expect_whole();
}

TEST_P(Tasks, LetAPliOfBlanksEndThere) {
    const std::string pli = register_new("L1", "0001", 2);
    EXPECT_EQ(finish(*lease("r1"), reading_of({}, {1, 2})).value(), Verdict::Accepted);
    EXPECT_EQ(pli_state(pli), "READ");
    EXPECT_EQ(status().plis_in_flight(), 0);
    EXPECT_FALSE(lease("router", {"route"}).has_value());
    expect_whole();
}

TEST_P(Tasks, GiveTheReadingToTheRouter) {
    register_new("L1", "0001");
    finish(*lease("r1"), reading_of({{1}})).value();
    const auto task = lease("router", {"route"});
    ASSERT_TRUE(task.has_value());
    EXPECT_EQ(task->lease.stage(), "route");
    EXPECT_EQ(task->lease.lease_ms(), 10'000);
    EXPECT_EQ(task->lease.reading().documents_size(), 1);
}

TEST_P(Tasks, QuarantineTheDocumentsOfAPliThatCannotBeRouted) {
    const std::string pli = register_new("L1", "0001", 2);
    finish(*lease("r1"), reading_of({{1}, {2}})).value();
    const auto refused = finish(*lease("router"), routed(1, "IJ"));  // document 2 has no decision
    EXPECT_EQ(refused.error().code, "RESULT_INVALID");
    EXPECT_EQ(pli_state(pli), "QUARANTINED");
    EXPECT_EQ(status().quarantined(), 2);
    EXPECT_EQ(status().pages_in_documents(), 2);
    expect_whole();
}

ON_BOTH_ENGINES(Tasks);

}  // namespace
}  // namespace pleiade::ledger
