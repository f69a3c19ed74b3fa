// Keying as leased work: who gets what, for how long, and what becomes of it.
#include "tests/unit/ledger/keying_room.h"

namespace pleiade::ledger {
namespace {

using std::chrono::seconds;

class Keying : public KeyingRoom {};

TEST_P(Keying, GivesAPliToOnePersonOnly) {
    const std::string pli = pli_to_key("0001");
    const auto job = only(next("ann"));
    EXPECT_EQ(job.lease().id(), pli);
    EXPECT_EQ(job.lease().scope(), "pli");
    EXPECT_EQ(job.documents_size(), 1);
    EXPECT_EQ(job.pages_size(), 1);
    EXPECT_TRUE(job.pages(0).editable());
    EXPECT_EQ(state_of(pli + "-1"), "KEYING");
    EXPECT_TRUE(next("bob")->jobs().empty());
    EXPECT_EQ(open_job(pli, "bob").error().code, "KEYING_TAKEN");
    EXPECT_EQ(status().in_flight(1).count(), 1);
    expect_whole();
}

TEST_P(Keying, GivesTheSoonestDueFirstThenTheDearestError) {
    const std::string late = pli_to_key("0001", 1, "2026-11-23T18:00:00+01:00");
    const std::string cheap = register_new("L1", "0002");
    v1::Done decision = routed(1, "FSP");
    decision.mutable_decisions()->mutable_decisions(0)->set_kind("keying");
    decision.mutable_decisions()->mutable_decisions(0)->set_secrecy("normal");
    read_and_route(reading_of({{1}}), decision);
    const std::string dear = pli_to_key("0003");  // medical, due with the cheap one
    EXPECT_EQ(only(next("ann")).pli_id(), dear);
    EXPECT_EQ(only(next("ann")).pli_id(), cheap);
    EXPECT_EQ(only(next("ann")).pli_id(), late);
}

TEST_P(Keying, ReservesTheNextOnesToo) {
    for (int i = 1; i <= 4; ++i) pli_to_key("000" + std::to_string(i));
    v1::NextToKey three;
    three.set_by("ann");
    three.set_count(3);
    three.set_medical(true);
    const auto jobs = next(three);
    ASSERT_EQ(jobs->jobs_size(), 3);
    EXPECT_LT(jobs->jobs(0).lease().fence(), jobs->jobs(1).lease().fence());
    EXPECT_EQ(next("bob")->jobs_size(), 1);
}

TEST_P(Keying, GivesNoMedicalDocumentToWhoIsNotHabilitated) {
    const std::string pli = pli_to_key("0001");
    v1::NextToKey plain;
    plain.set_by("ann");
    EXPECT_TRUE(next(plain)->jobs().empty());
    EXPECT_EQ(open_job(pli, "ann", false).error().code, "NEEDS_HABILITATION");

    // Of a pli that holds both, the other documents and their pages only.
    register_new("L1", "0002", 2);
    v1::Done decisions;
    *decisions.mutable_decisions()->add_decisions() = decision_of(1, "FSP");
    *decisions.mutable_decisions()->add_decisions() = decision_of(2, "IJ");
    for (auto& decision : *decisions.mutable_decisions()->mutable_decisions()) decision.set_kind("keying");
    decisions.mutable_decisions()->mutable_decisions(0)->set_secrecy("normal");
    read_and_route(reading_of({{1}, {2}}), decisions);
    const auto job = only(next(plain));
    ASSERT_EQ(job.documents_size(), 1);
    EXPECT_EQ(job.documents(0).reading().id(), 1);
    ASSERT_EQ(job.pages_size(), 1);
    EXPECT_EQ(job.pages(0).reading().page(), 1);
    EXPECT_EQ(job.page_refs_size(), 1);
    EXPECT_EQ(job.others_size(), 0);
}

// Found in review: a master that anyone may see brought its medical attachment along.
TEST_P(Keying, GivesNoMasterWhoseAttachmentIsMedicalToWhoIsNotHabilitated) {
    const std::string pli = register_new("L1", "0001", 2);
    v1::Done reading = reading_of({{1}, {2}});
    reading.mutable_reading()->mutable_documents(1)->set_role("attachment");
    reading.mutable_reading()->mutable_documents(1)->set_attached_to(1);
    v1::Done decisions;
    for (const int number : {1, 2}) {
        *decisions.mutable_decisions()->add_decisions() = decision_of(number, "IJ");
        decisions.mutable_decisions()->mutable_decisions(number - 1)->set_kind("keying");
    }
    decisions.mutable_decisions()->mutable_decisions(0)->set_secrecy("normal");
    read_and_route(reading, decisions);
    v1::NextToKey plain;
    plain.set_by("ann");
    EXPECT_TRUE(next(plain)->jobs().empty());
    EXPECT_EQ(open_job(pli, "ann", false).error().code, "NEEDS_HABILITATION");
    EXPECT_EQ(only(next("bob")).documents_size(), 2);
}

TEST_P(Keying, FiltersByCaisseAndType) {
    pli_to_key("0001");
    v1::NextToKey filtered;
    filtered.set_by("ann");
    filtered.set_medical(true);
    filtered.add_caisses("131");
    EXPECT_TRUE(next(filtered)->jobs().empty());
    filtered.add_caisses("595");
    filtered.add_types("RIB");
    EXPECT_TRUE(next(filtered)->jobs().empty());
    filtered.add_types("AAT");
    EXPECT_EQ(next(filtered)->jobs_size(), 1);
}

TEST_P(Keying, LeasesOneDocumentWithItsAttachmentsWhenAsked) {
    const std::string pli = pli_to_key("0001", 2);
    const auto first = only(next("ann", "document"));
    EXPECT_EQ(first.lease().id(), pli + "-1");
    EXPECT_EQ(first.others_size(), 1);
    const auto second = only(next("bob", "document"));
    EXPECT_EQ(second.lease().id(), pli + "-2");
    // Each settles her own; neither undoes the other's.
    ASSERT_TRUE(validate(agreed(second))->problems().empty());
    ASSERT_TRUE(validate(agreed(first))->problems().empty());
    route_all();
    EXPECT_EQ(state_of(pli + "-1"), "QUEUED");
    EXPECT_EQ(state_of(pli + "-2"), "QUEUED");
    expect_whole();
}

TEST_P(Keying, TakesBackALeaseThatIsNotRenewed) {
    const std::string pli = pli_to_key("0001");
    const auto lost = only(next("ann"));
    clock_.advance(seconds(50));
    EXPECT_TRUE(renew(lost).has_value());
    clock_.advance(seconds(50));
    EXPECT_EQ(expire().keyings, 0);
    clock_.advance(seconds(11));
    EXPECT_EQ(expire().keyings, 1);
    EXPECT_EQ(state_of(pli + "-1"), "TO_KEY");
    EXPECT_EQ(renew(lost).error().code, "KEYING_LEASE_LOST");
    EXPECT_EQ(draft(lost, "documents/1/type", "FSP").error().code, "KEYING_LEASE_LOST");
    EXPECT_EQ(validate(agreed(lost)).error().code, "KEYING_LEASE_LOST");
    const auto again = only(next("bob"));
    EXPECT_GT(again.lease().fence(), lost.lease().fence());
    EXPECT_EQ(validate(agreed(lost)).error().code, "KEYING_LEASE_LOST");  // the stale fence, under another's lease
    EXPECT_EQ(state_of(pli + "-1"), "KEYING");
    expect_whole();
}

TEST_P(Keying, KeepsALeaseOverARestartForOneFreshPeriod) {
    pli_to_key("0001");
    const auto job = only(next("ann"));
    restart();
    EXPECT_TRUE(renew(job).has_value());
    clock_.advance(seconds(61));
    EXPECT_EQ(expire().keyings, 1);
    expect_whole();
}

TEST_P(Keying, KeepsTheDraftOfALostLeaseAndOffersItToTheSamePersonFirst) {
    const std::string later = pli_to_key("0001", 1, "2026-11-23T18:00:00+01:00");
    const auto job = only(next("ann"));
    ASSERT_TRUE(draft(job, "documents/1/type", "FSP").has_value());
    ASSERT_TRUE(draft(job, "documents/1/type", "RIB").has_value());
    ASSERT_TRUE(draft(job, "documents/1/fields/nir", kNir).has_value());
    ASSERT_TRUE(draft(job, "documents/1/fields/nir", "").has_value());
    clock_.advance(seconds(61));
    expire();
    restart();
    const std::string sooner = pli_to_key("0002");
    EXPECT_EQ(only(next("bob")).pli_id(), sooner);
    const auto again = only(next("ann"));
    EXPECT_EQ(again.pli_id(), later);
    EXPECT_EQ(again.draft().by(), "ann");
    ASSERT_EQ(again.draft().entries_size(), 1);
    EXPECT_EQ(again.draft().entries(0).value(), "RIB");
}

TEST_P(Keying, GivesAnotherPersonADraftedPliOnlyWhenNothingElseWaits) {
    const std::string drafted = pli_to_key("0001");
    const auto job = only(next("ann"));
    ASSERT_TRUE(draft(job, "documents/1/type", "FSP").has_value());
    give_back(job).value();
    const std::string other = pli_to_key("0002", 1, "2026-11-23T18:00:00+01:00");
    EXPECT_EQ(only(next("bob")).pli_id(), other);
    const auto theirs = only(next("bob"));
    EXPECT_EQ(theirs.pli_id(), drafted);
    EXPECT_EQ(theirs.draft().by(), "ann");
}

TEST_P(Keying, FindsOnesOwnLeaseAgain) {
    const std::string pli = pli_to_key("0001");
    const auto job = only(next("ann"));
    const auto again = only(open_job(pli, "ann"));
    EXPECT_EQ(again.lease().fence(), job.lease().fence());
}

TEST_P(Keying, SaysTheSameNextTwiceAsOnce) {
    pli_to_key("0001");
    pli_to_key("0002");
    const auto first = only(next("ann", "pli", "key-1"));
    const auto again = only(next("ann", "pli", "key-1"));
    EXPECT_EQ(again.lease().fence(), first.lease().fence());
    EXPECT_EQ(again.documents_size(), 1);
    EXPECT_EQ(status().in_flight(1).count(), 1);
    EXPECT_EQ(next("bob", "pli", "key-1").error().code, "KEY_REUSED");
    // Once it is over, the same request gives nothing rather than somebody else's work.
    give_back(first).value();
    EXPECT_TRUE(next("ann", "pli", "key-1")->jobs().empty());
}

TEST_P(Keying, ReleasesHoldsAndSendsUnderTheLeaseOnly) {
    const std::string pli = pli_to_key("0001");
    const auto job = only(next("ann"));
    EXPECT_EQ(give_back(job, "r1").value().documents(0).state(), "TO_KEY");
    EXPECT_EQ(give_back(job, "r1").value().documents(0).state(), "TO_KEY");  // the same, said again
    EXPECT_EQ(give_back(job, "r2").error().code, "KEYING_LEASE_LOST");
    EXPECT_EQ(hold(job, "NEEDS_ADVICE").error().code, "KEYING_LEASE_LOST");
    EXPECT_EQ(send(job, "bob").error().code, "KEYING_LEASE_LOST");

    const auto again = only(next("ann"));
    EXPECT_EQ(hold(again, "NEEDS_ADVICE", "h1").value().documents(0).state(), "HELD");
    EXPECT_EQ(hold(again, "NEEDS_ADVICE", "h1").value().documents(0).state(), "HELD");
    EXPECT_TRUE(next("ann")->jobs().empty());
    EXPECT_EQ(reader_->keying_stock({}).held(), 1);
    EXPECT_EQ(recover("release", pli + "-1").state(), "TO_KEY");
    EXPECT_EQ(only(next("ann")).documents(0).sent_note(), "a rare form");
    expect_whole();
}

TEST_P(Keying, SendsToAColleagueOrToASkill) {
    const std::string pli = pli_to_key("0001");
    EXPECT_EQ(send(only(next("ann")), "bob", "", "s1").value().documents(0).state(), "TO_KEY");
    EXPECT_TRUE(next("ann")->jobs().empty());
    const auto bobs = only(next("bob"));
    EXPECT_EQ(bobs.documents(0).sent_note(), "for you");
    EXPECT_EQ(send(bobs, "", "").error().code, "SEND_TO_REQUIRED");
    ASSERT_TRUE(send(bobs, "", "RECOURS").has_value());
    EXPECT_TRUE(next("bob")->jobs().empty());
    v1::NextToKey skilled;
    skilled.set_by("cid");
    skilled.set_medical(true);
    skilled.add_skills("RECOURS");
    EXPECT_EQ(only(next(skilled)).pli_id(), pli);
    expect_whole();
}

TEST_P(Keying, GivesWhatAServiceSentBackWithItsReason) {
    const std::string document = queue_one("L1", "0001");
    const auto taken = take(from_queue("595", "IJ"))->documents(0);
    send_back(taken, "ij-1", "WRONG_TYPE").value();
    const auto job = only(next("ann"));
    EXPECT_EQ(job.documents(0).returned_code(), "WRONG_TYPE");
    EXPECT_EQ(job.documents(0).returned_note(), "not for us");
    give_back(job).value();
    EXPECT_EQ(state_of(document), "RETURNED");
    ASSERT_TRUE(validate(agreed(only(next("ann"))))->problems().empty());
    route_all("FSP");
    EXPECT_EQ(state_of(document), "QUEUED");
    const auto again = take(from_queue("595", "FSP"))->documents(0);
    EXPECT_NE(again.delivery_id(), taken.delivery_id());
    acknowledge(again, "ij-1").value();
    expect_whole();
}

TEST_P(Keying, CountsItsStock) {
    pli_to_key("0001");
    pli_to_key("0002", 2);
    only(next("ann"));
    const auto stock = reader_->keying_stock({});
    EXPECT_EQ(stock.waiting() + stock.keying(), 3);
    EXPECT_EQ(stock.people(), 1);
    ASSERT_EQ(stock.groups_size(), 1);
    EXPECT_EQ(stock.groups(0).type(), "AAT");
    v1::KeyingStockQuery plain;
    plain.set_without_medical(true);
    EXPECT_EQ(reader_->keying_stock(plain).waiting(), 0);
}

ON_BOTH_ENGINES(Keying);

}  // namespace
}  // namespace pleiade::ledger
