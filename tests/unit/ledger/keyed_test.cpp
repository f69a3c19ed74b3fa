// Validation: what a person settled becomes the reading, in one durable transaction, and can be taken back.
#include <set>

#include "tests/unit/ledger/keying_room.h"

namespace pleiade::ledger {
namespace {

using std::chrono::seconds;

class Keyed : public KeyingRoom {
  protected:
    std::string first_problem(const v1::ValidateKeying& keyed) {
        const auto answer = validate(keyed);
        if (!answer) return answer.error().code;
        return answer->problems().empty() ? "" : answer->problems(0).code() + " " + answer->problems(0).pointer();
    }
};

TEST_P(Keyed, GoesToTheRouterWithWhatThePersonSettled) {
    const std::string pli = pli_to_key("0001");
    v1::ValidateKeying keyed = agreed(only(next("ann")));
    v1::KeyedField& field = *keyed.mutable_documents(0)->mutable_fields(0);
    field.set_state("keyed");
    field.set_value("2 55 08 14 168 025 38");
    const auto validated = validate(keyed);
    ASSERT_TRUE(validated->problems().empty()) << validated->problems(0).message();
    EXPECT_EQ(validated->documents(0).state(), "READ");
    EXPECT_EQ(validated->undo(), pli);
    const auto task = lease("router-1", {"route"});
    ASSERT_TRUE(task.has_value());
    const auto& document = task->lease.reading().documents(0);
    EXPECT_EQ(document.type(), "FSP");
    EXPECT_TRUE(document.certain());
    EXPECT_EQ(document.fields(0).value(), kNir);
    EXPECT_EQ(document.fields(0).status(), "valid");
    EXPECT_EQ(document.fields(0).source(), "keyed");
    EXPECT_EQ(std::set<std::string>(document.settled().begin(), document.settled().end()),
              (std::set<std::string>{"type", "pages", "affiliation", "volets", "nir"}));
    ASSERT_TRUE(finish(*task, routed(1, "FSP")).has_value());
    EXPECT_EQ(state_of(pli + "-1"), "QUEUED");
    EXPECT_EQ(entries(pli, "pli.keyed"), 1);
    expect_whole();
}

TEST_P(Keyed, RefusesAValueThatFailsItsCheckUnlessItIsKept) {
    pli_to_key("0001");
    v1::ValidateKeying keyed = agreed(only(next("ann")));
    v1::KeyedField& field = *keyed.mutable_documents(0)->mutable_fields(0);
    field.set_state("keyed");
    field.set_value(kNirWrongKey);
    EXPECT_EQ(first_problem(keyed), "KEYED_CHECK_FAILED /documents/0/fields/0/value");
    EXPECT_EQ(validate(keyed)->problems(0).message().find("2550"), std::string::npos);  // never the value
    EXPECT_EQ(status().in_flight(1).count(), 1);                                        // the lease goes on
    field.set_keep_despite_check(true);
    EXPECT_EQ(first_problem(keyed), "");
    const auto task = lease("router-1", {"route"});
    EXPECT_EQ(task->lease.reading().documents(0).fields(0).status(), "invalid");
}

TEST_P(Keyed, AsksForEachFieldThatTheTypeRequires) {
    pli_to_key("0001");
    v1::ValidateKeying keyed = agreed(only(next("ann")));
    keyed.mutable_documents(0)->set_type("AAT");
    EXPECT_EQ(first_problem(keyed), "KEYED_FIELD_MISSING /documents/0/fields");
    keyed.mutable_documents(0)->set_skip_doubts(true);
    EXPECT_EQ(first_problem(keyed), "");
    const auto task = lease("router-1", {"route"});
    EXPECT_EQ(task->lease.reading().documents(0).illegible(0), "period_from");
    EXPECT_EQ(task->lease.reading().documents(0).absent(0), "nir");
}

TEST_P(Keyed, RefusesWhatMakesNoSense) {
    pli_to_key("0001", 2);
    const auto job = only(next("ann"));
    const auto with = [&](auto change) {
        v1::ValidateKeying keyed = agreed(job);
        change(keyed);
        return first_problem(keyed);
    };
    EXPECT_EQ(with([](auto& keyed) { keyed.mutable_documents(0)->set_type("UNKNOWN"); }),
              "KEYED_TYPE_UNKNOWN /documents/0/type");
    EXPECT_EQ(with([](auto& keyed) { keyed.mutable_documents(0)->set_type("XYZ"); }),
              "KEYED_TYPE_UNKNOWN /documents/0/type");
    EXPECT_EQ(with([](auto& keyed) { keyed.mutable_documents()->RemoveLast(); }), "KEYED_PAGE_LEFT_OUT /documents");
    EXPECT_EQ(with([](auto& keyed) { keyed.mutable_documents(0)->add_pages(2); }),
              "KEYED_PAGE_TWICE /documents/1/pages");
    EXPECT_EQ(with([](auto& keyed) { keyed.mutable_documents(0)->add_pages(9); }),
              "KEYED_PAGE_UNKNOWN /documents/0/pages");
    EXPECT_EQ(with([](auto& keyed) { keyed.mutable_documents(0)->set_number(7); }),
              "KEYED_DOCUMENT_UNKNOWN /documents/0/number");
    EXPECT_EQ(with([](auto& keyed) { keyed.mutable_documents(0)->set_attached_to(5); }),
              "KEYED_ATTACHMENT /documents/0/attached_to");
    EXPECT_EQ(with([](auto& keyed) { keyed.mutable_documents(0)->mutable_fields(0)->set_name("age"); }),
              "KEYED_FIELD_UNKNOWN /documents/0/fields/0/name");
    EXPECT_EQ(with([](auto& keyed) {
                  auto& page = *keyed.add_pages();
                  page.set_page(1);
                  page.set_kind("blank");
              }),
              "KEYED_PAGE_KIND /documents/0/pages");
    EXPECT_EQ(entries(job.pli_id(), "pli.keyed"), 0);
    expect_whole();
}

TEST_P(Keyed, SplitsADocumentIntoNewOnesAndKeepsThePagesCounted) {
    const std::string pli = register_new("L1", "0001", 3);
    v1::Done decisions = to_key(1);
    read_and_route(reading_of({{1, 2, 3}}), decisions);
    v1::ValidateKeying keyed = agreed(only(next("ann")));
    keyed.mutable_documents(0)->clear_pages();
    keyed.mutable_documents(0)->add_pages(1);
    v1::KeyedDocument& second = *keyed.add_documents();
    second.set_number(-1);
    second.set_type("RIB");
    second.add_pages(3);
    second.set_attached_to(1);
    second.set_skip_doubts(true);
    v1::KeyedPage& blank = *keyed.add_pages();
    blank.set_page(2);
    blank.set_kind("blank");
    blank.set_rotation(180);
    const auto validated = validate(keyed);
    ASSERT_TRUE(validated->problems().empty()) << validated->problems(0).message();
    EXPECT_EQ(validated->superseded(0), pli + "-1");
    ASSERT_EQ(validated->documents_size(), 2);
    EXPECT_EQ(validated->documents(0).id(), pli + "-2");
    EXPECT_EQ(validated->documents(1).role(), "attachment");
    EXPECT_EQ(state_of(pli + "-1"), "SUPERSEDED");
    EXPECT_EQ(reader_->document(pli + "-1")->document().pages_size(), 3);  // as it was read
    const auto counts = status();
    EXPECT_EQ(counts.pages_blank(), 1);
    EXPECT_EQ(counts.pages_in_documents(), 2);
    EXPECT_EQ(counts.superseded(), 1);
    EXPECT_EQ(counts.difference_pages() + counts.difference_documents(), 0);
    route_all();
    EXPECT_EQ(state_of(pli + "-2"), "QUEUED");
    EXPECT_EQ(state_of(pli + "-3"), "QUEUED");
    expect_whole();
}

TEST_P(Keyed, MergesDocumentsAndKeepsWhatWasReadOnTheirPages) {
    const std::string pli = register_new("L1", "0001", 2);
    v1::Done reading = reading_of({{1}, {2}});
    v1::FieldValue& iban = *reading.mutable_reading()->mutable_documents(1)->add_fields();
    iban.set_name("iban");
    iban.set_value("FR7630006000011234567890189");
    iban.set_status("valid");
    iban.set_page(2);
    v1::Done decisions = to_key(1);
    *decisions.mutable_decisions()->add_decisions() = to_key(2).decisions().decisions(0);
    read_and_route(reading, decisions);
    v1::ValidateKeying keyed = agreed(only(next("ann")));
    keyed.mutable_documents()->RemoveLast();
    keyed.mutable_documents(0)->add_pages(2);
    const auto validated = validate(keyed);
    ASSERT_TRUE(validated->problems().empty()) << validated->problems(0).message();
    EXPECT_EQ(validated->superseded_size(), 2);
    EXPECT_EQ(validated->documents(0).pages(), 2);
    const auto task = lease("router-1", {"route"});
    EXPECT_EQ(task->lease.reading().documents(0).fields(0).name(), "iban");
    EXPECT_EQ(task->lease.reading().documents(0).fields(0).source(), "");
    expect_whole();
}

TEST_P(Keyed, ReordersPagesUnderTheSameNumber) {
    const std::string pli = register_new("L1", "0001", 2);
    read_and_route(reading_of({{1, 2}}), to_key(1));
    v1::ValidateKeying keyed = agreed(only(next("ann")));
    keyed.mutable_documents(0)->mutable_pages()->SwapElements(0, 1);
    const auto validated = validate(keyed);
    EXPECT_EQ(validated->superseded_size(), 0);
    EXPECT_EQ(validated->documents(0).id(), pli + "-1");
    EXPECT_EQ(lease("router-1", {"route"})->lease.reading().documents(0).pages(0), 2);
    expect_whole();
}

TEST_P(Keyed, MayFindThatEveryPageIsBlank) {
    const std::string pli = pli_to_key("0001");
    v1::ValidateKeying keyed = agreed(only(next("ann")));
    keyed.clear_documents();
    v1::KeyedPage& blank = *keyed.add_pages();
    blank.set_page(1);
    blank.set_kind("blank");
    ASSERT_TRUE(validate(keyed)->problems().empty());
    EXPECT_EQ(status().superseded(), 1);
    EXPECT_FALSE(lease("router-1", {"route"}).has_value());
    expect_whole();
}

TEST_P(Keyed, CountsOnceHoweverOftenItIsSaid) {
    const std::string pli = pli_to_key("0001");
    const auto keyed = agreed(only(next("ann")));
    ASSERT_TRUE(validate(keyed, "v1").has_value());
    EXPECT_EQ(validate(keyed, "v1").value().documents(0).id(), pli + "-1");
    restart();
    EXPECT_EQ(validate(keyed, "v1").value().documents(0).id(), pli + "-1");
    EXPECT_EQ(validate(keyed, "v2").error().code, "KEYING_LEASE_LOST");
    EXPECT_EQ(entries(pli, "pli.keyed"), 1);
    expect_whole();
}

TEST_P(Keyed, IsAllOrNothingWhenTheHubDiesBeforeItsCommit) {
    const std::string pli = pli_to_key("0001");
    const auto job = only(next("ann"));
    const auto keyed = agreed(job);
    ledger_->begin();
    ASSERT_TRUE(ledger_->validate_keying({"ann", "v1", ""}, keyed).has_value());
    restart();  // without the commit
    EXPECT_EQ(state_of(pli + "-1"), "KEYING");
    EXPECT_EQ(entries(pli, "pli.keyed"), 0);
    expect_whole();
    ASSERT_TRUE(validate(keyed, "v1").has_value());
    EXPECT_EQ(state_of(pli + "-1"), "READ");
    expect_whole();
}

TEST_P(Keyed, FencesOffARouterThatWorksOnTheFormerReading) {
    const std::string pli = pli_to_key("0001", 2);
    const auto first = only(next("ann", "document"));
    const auto second = only(next("bob", "document"));
    ASSERT_TRUE(validate(agreed(first)).has_value());
    const auto task = lease("router-1", {"route"});
    ASSERT_TRUE(task.has_value());
    ASSERT_TRUE(validate(agreed(second)).has_value());
    v1::Done late = routed(1, "IJ");
    *late.mutable_decisions()->add_decisions() = decision_of(2, "IJ");
    EXPECT_EQ(finish(*task, late).value(), Verdict::Stale);
    route_all();
    EXPECT_EQ(state_of(pli + "-1"), "QUEUED");
    EXPECT_EQ(state_of(pli + "-2"), "QUEUED");
    expect_whole();
}

TEST_P(Keyed, LeavesTheOtherDocumentsOfThePliAsTheyWereDecided) {
    register_new("L1", "0001", 2);
    v1::Done decisions = routed(1, "IJ");
    *decisions.mutable_decisions()->add_decisions() = to_key(2).decisions().decisions(0);
    read_and_route(reading_of({{1}, {2}}), decisions);
    const auto taken = take(from_queue("595", "IJ"))->documents(0);
    ASSERT_TRUE(validate(agreed(only(next("ann")))).has_value());
    route_all("FSP");
    EXPECT_EQ(state_of(taken.row().id()), "TAKEN");
    EXPECT_EQ(reader_->document(taken.row().id())->decision().route().service(), "IJ");
    EXPECT_TRUE(acknowledge(taken, "ij-1").has_value());
    EXPECT_EQ(take(from_queue("595", "FSP"))->documents_size(), 1);
    expect_whole();
}

TEST_P(Keyed, MakesMedicalWhatWaitsBesideADocumentThatTurnsOutSecret) {
    register_new("L1", "0001", 2);
    v1::Done decisions = routed(1, "IJ");
    decisions.mutable_decisions()->mutable_decisions(0)->set_secrecy("normal");
    *decisions.mutable_decisions()->add_decisions() = to_key(2).decisions().decisions(0);
    read_and_route(reading_of({{1}, {2}}), decisions);
    const auto job = only(next("ann"));
    ASSERT_TRUE(validate(agreed(job)).has_value());
    route_all("IJ");  // decides medical for both
    const auto first = reader_->document(job.pli_id() + "-1");
    EXPECT_EQ(first->row().state(), "QUEUED");
    EXPECT_EQ(first->row().secrecy(), "medical");
    EXPECT_EQ(take(from_queue("595", "IJ", 5))->documents_size(), 2);
    expect_whole();
}

// --- undo and recall ------------------------------------------------------------------------------------------------

TEST_P(Keyed, CanBeUndoneUntilAServiceTakesIt) {
    const std::string pli = pli_to_key("0001");
    ASSERT_TRUE(validate(agreed(only(next("ann")))).has_value());
    route_all();
    EXPECT_EQ(undo("bob").error().code, "UNDO_NOTHING");
    const auto again = only(undo("ann", "", "u1"));
    EXPECT_EQ(again.documents(0).reading().type(), "FSP");  // as she left it
    EXPECT_EQ(state_of(pli + "-1"), "KEYING");
    EXPECT_TRUE(take(from_queue("595", "IJ"))->documents().empty());
    EXPECT_EQ(only(undo("ann", "", "u1")).lease().fence(), again.lease().fence());
    EXPECT_EQ(undo("ann").error().code, "UNDO_NOTHING");
    expect_whole();

    ASSERT_TRUE(validate(agreed(again)).has_value());
    route_all("FSP");
    const auto taken = take(from_queue("595", "FSP"));
    ASSERT_EQ(taken->documents_size(), 1);
    EXPECT_EQ(undo("ann").error().code, "UNDO_TAKEN");
    expect_whole();
}

TEST_P(Keyed, CanBeUndoneBeforeItIsRouted) {
    const std::string pli = pli_to_key("0001");
    ASSERT_TRUE(validate(agreed(only(next("ann")))).has_value());
    const auto task = lease("router-1", {"route"});
    ASSERT_TRUE(task.has_value());
    const auto again = only(undo("ann", pli));
    EXPECT_EQ(finish(*task, routed(1, "IJ")).value(), Verdict::Stale);
    EXPECT_EQ(state_of(pli + "-1"), "KEYING");
    EXPECT_EQ(status().plis_in_flight(), 0);
    ASSERT_TRUE(validate(agreed(again)).has_value());
    route_all();
    EXPECT_EQ(state_of(pli + "-1"), "QUEUED");
    expect_whole();
}

TEST_P(Keyed, CannotBeUndoneOnceItHasMovedOn) {
    const std::string pli = pli_to_key("0001");
    ASSERT_TRUE(validate(agreed(only(next("ann")))).has_value());
    route_all();
    recover("hold", pli + "-1", "ON_HOLD");
    EXPECT_EQ(undo("ann").error().code, "UNDO_MOVED_ON");
}

TEST_P(Keyed, ComesBackWhenTheServiceAcceptsItsRecall) {
    const std::string document = queue_one("L1", "0001");
    const auto taken = take(from_queue("595", "IJ"))->documents(0);
    const auto recalled = recall_document(document, "c1");
    ASSERT_EQ(recalled->recalls_size(), 1);
    EXPECT_EQ(recalled->recalls(0).state(), "ASKED");
    EXPECT_EQ(recall_document(document, "c1")->recalls_size(), 1);
    EXPECT_EQ(recall_document(document, "c2").error().code, "RECALL_ASKED_ALREADY");
    EXPECT_EQ(answer(document, "GDB", true).error().code, "RECALL_NOT_ASKED");
    EXPECT_EQ(answer(document, "IJ", false).value().row().state(), "TAKEN");
    acknowledge(taken, "ij-1").value();

    recall_document(document).value();  // also after the receipt
    EXPECT_EQ(answer(document, "IJ", true, "a1").value().row().state(), "RETURNED");
    EXPECT_EQ(answer(document, "IJ", true, "a1").value().row().state(), "RETURNED");
    EXPECT_EQ(reader_->recalls({})->recalls_size(), 2);
    ASSERT_TRUE(validate(agreed(only(next("ann")))).has_value());
    route_all("FSP");
    EXPECT_EQ(state_of(document), "QUEUED");
    expect_whole();
}

TEST_P(Keyed, ComesBackAtOnceWhenNobodyHasTakenIt) {
    const std::string document = queue_one("L1", "0001");
    EXPECT_EQ(recall_document(document)->document().state(), "RETURNED");
    EXPECT_EQ(recall_document(document).error().code, "RECALL_NOT_QUEUED");
    EXPECT_TRUE(take(from_queue("595", "IJ"))->documents().empty());
    expect_whole();
}

// Found in review: what was attached and has been replaced came back to life with its master.
TEST_P(Keyed, NeverBringsBackAnAttachmentThatWasReplaced) {
    const std::string pli = register_new("L1", "0001", 3);
    v1::Done reading = reading_of({{1}, {2, 3}});
    reading.mutable_reading()->mutable_documents(1)->set_role("attachment");
    reading.mutable_reading()->mutable_documents(1)->set_attached_to(1);
    v1::Done decisions = to_key(1);
    *decisions.mutable_decisions()->add_decisions() = to_key(2).decisions().decisions(0);
    read_and_route(reading, decisions);
    v1::ValidateKeying keyed = agreed(only(next("ann")));
    ASSERT_EQ(keyed.documents_size(), 2);
    keyed.mutable_documents(1)->clear_pages();
    keyed.mutable_documents(1)->add_pages(2);
    v1::KeyedDocument& third = *keyed.add_documents();
    third = keyed.documents(1);
    third.set_number(-1);
    third.set_pages(0, 3);
    ASSERT_TRUE(validate(keyed)->problems().empty());
    EXPECT_EQ(state_of(pli + "-2"), "SUPERSEDED");
    route_all();
    EXPECT_EQ(state_of(pli + "-1"), "QUEUED");
    EXPECT_EQ(state_of(pli + "-2"), "SUPERSEDED");
    EXPECT_EQ(state_of(pli + "-3"), "QUEUED");
    const auto taken = take(from_queue("595", "IJ"));
    ASSERT_EQ(taken->documents_size(), 3);
    for (const auto& document : taken->documents()) EXPECT_NE(document.row().id(), pli + "-2");
    ASSERT_TRUE(acknowledge(taken->documents(0), "ij-1").has_value());
    EXPECT_EQ(state_of(pli + "-2"), "SUPERSEDED");
    expect_whole();
}

TEST_P(Keyed, ForgetsWhatOthersHadTypedOfAPliThatIsSettled) {
    const std::string pli = pli_to_key("0001");
    const auto bobs = only(next("bob"));
    ASSERT_TRUE(draft(bobs, "documents/1/type", "RIB").has_value());
    ASSERT_TRUE(give_back(bobs).has_value());
    const auto anns = only(open_job(pli, "ann"));
    EXPECT_EQ(anns.draft().by(), "bob");  // she may go on from what he typed
    ASSERT_TRUE(validate(agreed(anns))->problems().empty());
    const auto again = only(undo("ann"));
    EXPECT_EQ(again.draft().entries_size(), 0);
}

ON_BOTH_ENGINES(Keyed);

}  // namespace
}  // namespace pleiade::ledger
