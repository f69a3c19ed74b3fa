// The recovery verbs: each where it makes sense, refused with what to do where it does not.
#include <algorithm>

#include "tests/unit/ledger/keying_room.h"

namespace pleiade::ledger {
namespace {

using std::chrono::seconds;

class Recovery : public KeyingRoom {
  protected:
    // A pli that kills its readers until it is put aside.
    std::string quarantined(const std::string& rank) {
        const std::string pli = register_new("L1", rank);
        EXPECT_EQ(give_up(*lease("reader-1", {"read"}), "poison"), Verdict::Accepted);
        EXPECT_EQ(pli_state(pli), "QUARANTINED");
        return pli;
    }
    std::string refusal(const std::string& verb, const std::string& id, const std::string& extra = "") {
        const auto outcome = recover(verb, id, extra);
        EXPECT_FALSE(outcome.ok()) << verb;
        EXPECT_FALSE(outcome.message().empty());
        return outcome.code();
    }
    void read_again() { read_and_route(reading_of({{1}}), routed_next()); }
    v1::Done routed_next() { return routed(2, "IJ"); }  // the second document of the pli
};

TEST_P(Recovery, ReadsAPliAgainUnderNewNumbers) {
    const std::string document = queue_one("L1", "0001");
    const std::string pli = document.substr(0, 32);
    const auto outcome = recover("re-read", pli, "", "k1");
    EXPECT_TRUE(outcome.ok()) << outcome.message();
    EXPECT_EQ(outcome.state(), "REGISTERED");
    EXPECT_EQ(outcome.undo(), "");
    EXPECT_TRUE(recover("re-read", pli, "", "k1").ok());  // said twice, done once
    EXPECT_EQ(state_of(document), "SUPERSEDED");
    EXPECT_TRUE(take(from_queue("595", "IJ"))->documents().empty());
    EXPECT_EQ(status().pages_in_flight(), 1);
    expect_whole();
    EXPECT_EQ(refusal("re-read", pli), "RECOVERY_IN_PROGRESS");
    read_again();
    EXPECT_EQ(state_of(pli + "-2"), "QUEUED");
    EXPECT_EQ(reader_->document(document)->document().type(), "AAT");  // what it was is still told
    EXPECT_EQ(entries(pli, "pli.reread"), 1);
    expect_whole();
}

TEST_P(Recovery, NeverReadsAgainUnderTheHandsOfSomebody) {
    const std::string document = queue_one("L1", "0001");
    const std::string pli = document.substr(0, 32);
    const auto taken = take(from_queue("595", "IJ"))->documents(0);
    EXPECT_EQ(refusal("re-read", pli), "RECOVERY_TAKEN");
    acknowledge(taken, "ij-1").value();
    EXPECT_EQ(refusal("re-read", pli), "RECOVERY_CLOSED");
    const std::string other = pli_to_key("0002");
    only(next("ann"));
    EXPECT_EQ(refusal("re-read", other), "RECOVERY_KEYING");
    EXPECT_EQ(refusal("re-read", other + "-1"), "RECOVERY_NEEDS_PLI");
    EXPECT_EQ(refusal("re-read", std::string(32, '0')), "PLI_UNKNOWN");
    expect_whole();
}

TEST_P(Recovery, RoutesADocumentAgain) {
    const std::string document = queue_one("L1", "0001");
    EXPECT_EQ(recover("re-route", document).state(), "READ");
    EXPECT_EQ(refusal("re-route", document), "RECOVERY_IN_PROGRESS");
    route_all("FSP");
    EXPECT_EQ(take(from_queue("595", "IJ"))->documents_size(), 0);
    EXPECT_EQ(take(from_queue("595", "FSP"))->documents_size(), 1);
    EXPECT_EQ(refusal("re-route", document), "RECOVERY_TAKEN");
    const std::string unread = register_new("L1", "0002");
    EXPECT_EQ(refusal("re-route", unread), "RECOVERY_NOT_READ");
    expect_whole();
}

TEST_P(Recovery, RoutesAgainAllThatCanBeOfAPli) {
    const std::string pli = register_new("L1", "0001", 2);
    v1::Done decisions = routed(1, "IJ");
    *decisions.mutable_decisions()->add_decisions() = decision_of(2, "GDB");
    read_and_route(reading_of({{1}, {2}}), decisions);
    const auto taken = take(from_queue("595", "GDB"))->documents(0);
    EXPECT_TRUE(recover("re-route", pli).ok());
    EXPECT_EQ(state_of(pli + "-1"), "READ");
    EXPECT_EQ(state_of(taken.row().id()), "TAKEN");
    route_all("FSP");
    expect_whole();
}

TEST_P(Recovery, GivesADocumentAnotherType) {
    const std::string document = queue_one("L1", "0001");
    const auto outcome = recover("reclassify", document, "RIB");
    EXPECT_EQ(outcome.state(), "READ");
    EXPECT_EQ(outcome.undo(), "reclassify");
    const auto task = lease("router-1", {"route"});
    EXPECT_EQ(task->lease.reading().documents(0).type(), "RIB");
    EXPECT_TRUE(task->lease.reading().documents(0).certain());
    ASSERT_TRUE(finish(*task, routed(1, "GDB")).has_value());
    EXPECT_EQ(reader_->document(document)->row().type(), "RIB");
    v1::Recover wrong;
    wrong.set_verb("reclassify");
    wrong.set_by("super");
    wrong.set_reason("why");
    wrong.set_type("XYZ");
    wrong.add_ids(document);
    EXPECT_EQ(recover_all(wrong).error().code, "RECOVERY_TYPE_UNKNOWN");
    const std::string two = pli_to_key("0002", 2);
    EXPECT_EQ(refusal("reclassify", two, "RIB"), "RECOVERY_NEEDS_DOCUMENT");
    EXPECT_TRUE(recover("reclassify", two + "-2", "RIB").ok());
    expect_whole();
}

TEST_P(Recovery, HoldsAndReleasesDocumentsWhereverTheyCameFrom) {
    const std::string queued = queue_one("L1", "0001");
    EXPECT_EQ(recover("hold", queued, "NEEDS_ADVICE").state(), "HELD");
    EXPECT_TRUE(take(from_queue("595", "IJ"))->documents().empty());
    EXPECT_EQ(refusal("hold", queued), "RECOVERY_HELD_ALREADY");
    EXPECT_EQ(refusal("re-route", queued), "RECOVERY_HELD");
    EXPECT_EQ(recover("release", queued).state(), "READ");
    EXPECT_EQ(refusal("release", queued), "RECOVERY_NOT_HELD");
    route_all();
    EXPECT_EQ(state_of(queued), "QUEUED");

    send_back(take(from_queue("595", "IJ"))->documents(0), "ij-1", "WRONG_TYPE").value();
    EXPECT_EQ(recover("hold", queued, "").state(), "HELD");
    EXPECT_EQ(recover("release", queued).state(), "RETURNED");
    EXPECT_EQ(only(next("ann")).documents(0).returned_code(), "WRONG_TYPE");
    expect_whole();
}

TEST_P(Recovery, HoldsAndReleasesAPliThatIsNotRead) {
    const std::string pli = register_new("L1", "0001");
    EXPECT_EQ(recover("hold", pli, "ON_HOLD").state(), "HELD");
    EXPECT_FALSE(lease("reader-1", {"read"}).has_value());
    EXPECT_EQ(reader_->aside({})->plis(0).code(), "ON_HOLD");
    EXPECT_EQ(recover("release", pli).state(), "REGISTERED");
    const auto task = lease("reader-1", {"read"});
    ASSERT_TRUE(task.has_value());
    EXPECT_EQ(recover("hold", pli, "").state(), "HELD");  // the worker is fenced off
    EXPECT_EQ(finish(*task, reading_of({{1}})).value(), Verdict::Stale);
    EXPECT_EQ(recover("release", pli).state(), "REGISTERED");
    read_and_route(reading_of({{1}}), routed(1, "IJ"));
    expect_whole();
}

TEST_P(Recovery, ReadsADuplicateThatAPersonReleases) {
    ASSERT_TRUE(register_pli(pli_of("L1", "0001", 1, "same"), digest("a")).has_value());
    const auto twin = register_pli(pli_of("L2", "0001", 1, "same"), digest("b"));
    EXPECT_TRUE(twin->held_duplicate());
    EXPECT_EQ(reader_->aside({})->plis(0).code(), "DUPLICATE");
    EXPECT_EQ(refusal("re-read", twin->pli_id()), "RECOVERY_HELD");
    EXPECT_EQ(recover("release", twin->pli_id()).state(), "REGISTERED");
    expect_whole();
    const auto third = register_pli(pli_of("L3", "0001", 1, "same"), digest("c"));
    EXPECT_EQ(recover("reject", third->pli_id(), "DUPLICATE").state(), "READ");
    EXPECT_EQ(state_of(third->pli_id() + "-1"), "REJECTED");
    EXPECT_EQ(status().rejected(), 1);
    expect_whole();
}

TEST_P(Recovery, RejectsWithACodeAndTakesItBack) {
    const std::string document = queue_one("L1", "0001");
    v1::Recover without;
    without.set_verb("reject");
    without.set_by("super");
    without.set_reason("why");
    without.add_ids(document);
    EXPECT_EQ(recover_all(without).error().code, "RECOVERY_CODE_REQUIRED");
    EXPECT_EQ(recover("reject", document, "NOT_FOR_US").state(), "REJECTED");
    EXPECT_EQ(refusal("reject", document, "NOT_FOR_US"), "RECOVERY_REJECTED");
    EXPECT_TRUE(take(from_queue("595", "IJ"))->documents().empty());
    EXPECT_EQ(recover("release", document).state(), "READ");
    route_all();
    EXPECT_EQ(state_of(document), "QUEUED");
    expect_whole();
}

TEST_P(Recovery, TakesAPliOutOfQuarantine) {
    const std::string pli = quarantined("0001");
    EXPECT_EQ(refusal("re-queue", pli), "RECOVERY_QUARANTINED");
    EXPECT_EQ(refusal("release", pli), "RECOVERY_QUARANTINED");
    EXPECT_EQ(refusal("re-route", pli), "RECOVERY_QUARANTINED");
    EXPECT_EQ(recover("un-quarantine", pli).state(), "REGISTERED");
    EXPECT_EQ(refusal("un-quarantine", pli), "RECOVERY_NOT_QUARANTINED");
    EXPECT_EQ(lease("reader-1", {"read"})->lease.attempt(), 1);  // from the start
    expect_whole();
}

TEST_P(Recovery, LetsPeopleKeyWhatNoReaderCanRead) {
    const std::string pli = quarantined("0001");
    EXPECT_EQ(recover("un-quarantine", pli, "keying").state(), "READ");
    const auto task = lease("router-1", {"route"});
    EXPECT_EQ(task->lease.reading().documents(0).type(), "UNKNOWN");
    ASSERT_TRUE(finish(*task, to_key(1)).has_value());
    ASSERT_TRUE(validate(agreed(only(next("ann")))).has_value());
    route_all();
    EXPECT_EQ(state_of(pli + "-1"), "QUEUED");
    expect_whole();
}

TEST_P(Recovery, RejectsAPliThatNobodyCanRead) {
    const std::string pli = quarantined("0001");
    EXPECT_EQ(recover("reject", pli, "ILLEGIBLE").state(), "READ");
    EXPECT_EQ(status().rejected(), 1);
    EXPECT_EQ(status().pages_in_documents(), 1);
    expect_whole();
    EXPECT_EQ(recover("re-read", pli).state(), "REGISTERED");  // with a better reader
    expect_whole();
}

TEST_P(Recovery, TakesAPliOutOfQuarantineWhereTheRouterPutIt) {
    const std::string pli = register_new("L1", "0001");
    const auto read = lease("reader-1", {"read"});
    ASSERT_TRUE(finish(*read, reading_of({{1}})).has_value());
    give_up(*lease("router-1", {"route"}), "poison");
    EXPECT_EQ(pli_state(pli), "QUARANTINED");
    EXPECT_EQ(refusal("reject", pli + "-1", "NOT_FOR_US"), "RECOVERY_QUARANTINED");
    EXPECT_EQ(recover("un-quarantine", pli).state(), "READ");
    give_up(*lease("router-1", {"route"}), "poison");
    EXPECT_EQ(recover("un-quarantine", pli, "keying").state(), "READ");
    EXPECT_EQ(state_of(pli + "-1"), "TO_KEY");
    expect_whole();
    v1::NextToKey of_the_caisse;  // that the pli came in, since no route gave another
    of_the_caisse.set_by("ann");
    of_the_caisse.set_medical(true);
    of_the_caisse.add_caisses("595");
    ASSERT_TRUE(validate(agreed(only(next(of_the_caisse)))).has_value());
    route_all();
    EXPECT_EQ(state_of(pli + "-1"), "QUEUED");
    expect_whole();
}

TEST_P(Recovery, PutsBackInItsQueueWhatAServiceKeepsOrSentBackByMistake) {
    const std::string document = queue_one("L1", "0001");
    EXPECT_EQ(refusal("re-queue", document), "RECOVERY_QUEUED_ALREADY");
    const auto kept = take(from_queue("595", "IJ"))->documents(0);
    EXPECT_EQ(recover("re-queue", document).state(), "QUEUED");
    EXPECT_EQ(acknowledge(kept, "ij-1").error().code, "NOT_TAKEN_BY_YOU");
    const auto again = take(from_queue("595", "IJ"))->documents(0);
    EXPECT_EQ(again.delivery_id(), kept.delivery_id());
    send_back(again, "ij-1", "WRONG_SERVICE").value();
    EXPECT_EQ(recover("re-queue", document).state(), "QUEUED");
    const auto third = take(from_queue("595", "IJ"))->documents(0);
    EXPECT_NE(third.delivery_id(), kept.delivery_id());  // another delivery: the first was answered
    acknowledge(third, "ij-1").value();
    EXPECT_EQ(refusal("re-queue", document), "RECOVERY_CLOSED");
    expect_whole();
}

TEST_P(Recovery, TakesAPliAwayFromAStationThatWasLeftOpen) {
    const std::string pli = pli_to_key("0001", 2);
    const auto job = only(next("ann"));
    ASSERT_TRUE(draft(job, "documents/1/type", "FSP").has_value());
    EXPECT_TRUE(recover("re-queue", pli + "-2").ok());  // the lease ends as a whole
    EXPECT_EQ(renew(job).error().code, "KEYING_LEASE_LOST");
    EXPECT_EQ(state_of(pli + "-1"), "TO_KEY");
    EXPECT_EQ(only(next("ann")).draft().entries_size(), 1);
    expect_whole();
}

TEST_P(Recovery, ReleasesATaskFromItsBackOff) {
    const std::string pli = register_new("L1", "0001");
    EXPECT_EQ(refusal("re-queue", pli), "RECOVERY_QUEUED_ALREADY");
    give_up(*lease("reader-1", {"read"}), "transient");
    EXPECT_FALSE(lease("reader-1", {"read"}).has_value());
    EXPECT_EQ(recover("re-queue", pli).state(), "REGISTERED");
    const auto task = lease("reader-1", {"read"});
    ASSERT_TRUE(task.has_value());
    EXPECT_EQ(recover("re-queue", pli).state(), "REGISTERED");  // away from a worker that does not end
    EXPECT_EQ(finish(*task, reading_of({{1}})).value(), Verdict::Stale);
    read_and_route(reading_of({{1}}), routed(1, "IJ"));
    expect_whole();
}

TEST_P(Recovery, DoesAListEachByItselfAndSaysSoTwice) {
    const std::string queued = queue_one("L1", "0001");
    const std::string aside = quarantined("0002");
    v1::Recover list;
    list.set_verb("re-route");
    list.set_by("super");
    list.set_reason("new routing table");
    for (const auto& id : {queued, aside, std::string("nobody-1")}) list.add_ids(id);
    const auto done = recover_all(list, "k1");
    EXPECT_TRUE(done->outcomes(0).ok());
    EXPECT_EQ(done->outcomes(1).code(), "RECOVERY_QUARANTINED");
    EXPECT_EQ(done->outcomes(2).kind(), "not_found");
    EXPECT_EQ(recover_all(list, "k1")->outcomes(0).state(), "READ");
    list.set_reason("another");
    EXPECT_EQ(recover_all(list, "k1").error().code, "KEY_REUSED");
    list.clear_reason();
    EXPECT_EQ(recover_all(list).error().code, "REASON_REQUIRED");
    list.set_verb("burn");
    EXPECT_EQ(recover_all(list).error().code, "VERB_UNKNOWN");
    expect_whole();
}

TEST_P(Recovery, TellsTheReasonInTheStoryAndOnlyItsDigestInTheJournal) {
    const std::string document = queue_one("L1", "0001");
    recover("hold", document, "ON_HOLD");
    v1::StoryQuery query;
    query.set_id(document.substr(0, 32));
    query.set_limit(5);
    std::vector<v1::StoryEvent> all;
    for (;;) {
        const auto page = reader_->story(query);
        ASSERT_TRUE(page.has_value());
        all.insert(all.end(), page->events().begin(), page->events().end());
        if (page->next_cursor().empty()) break;
        query.set_cursor(page->next_cursor());
    }
    const auto act = std::find_if(all.begin(), all.end(), [](const auto& e) { return e.event().kind() == "pli.act"; });
    ASSERT_NE(act, all.end());
    EXPECT_EQ(act->event().actor(), "super");
    EXPECT_EQ(act->event().code(), "HOLD");
    EXPECT_EQ(act->note(), "because the reader was replaced");
    EXPECT_EQ(act->event().detail(), digest("because the reader was replaced"));
    EXPECT_GT(all.size(), 5u);
    expect_whole();
}

ON_BOTH_ENGINES(Recovery);

}  // namespace
}  // namespace pleiade::ledger
