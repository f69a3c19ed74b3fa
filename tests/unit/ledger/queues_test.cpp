#include "tests/unit/ledger/mail_room.h"

namespace pleiade::ledger {
namespace {

using std::chrono::seconds;

class Queues : public MailRoom {
  protected:
    // A pli of a master and its attachment, copied to the service médical.
    std::string queue_with_copy_and_attachment() {
        const std::string pli = register_new("L1", "0009", 2);
        v1::Done reading = reading_of({{1}, {2}});
        reading.mutable_reading()->mutable_documents(1)->set_role("attachment");
        reading.mutable_reading()->mutable_documents(1)->set_attached_to(1);
        v1::Done decisions = routed(1, "IJ");
        *decisions.mutable_decisions()->add_decisions() = decision_of(2, "IJ");
        v1::Copy& copy = *decisions.mutable_decisions()->mutable_decisions(0)->mutable_route()->add_copies();
        copy.set_processed_by("595");
        copy.set_service("ELSM");
        read_and_route(reading, decisions);
        return pli;
    }
};

TEST_P(Queues, LeadADocumentFromItsQueueToItsReceipt) {
    const std::string document = queue_one("L1", "0001");
    EXPECT_EQ(state_of(document), "QUEUED");
    const auto taken = take(from_queue("595", "IJ"));
    ASSERT_TRUE(taken.has_value());
    ASSERT_EQ(taken->documents_size(), 1);
    EXPECT_EQ(taken->documents(0).row().id(), document);
    EXPECT_EQ(taken->documents(0).row().taken_by(), "ij-1");
    EXPECT_EQ(taken->documents(0).delivery_id(), digest(document + "\n595/IJ\n1"));
    EXPECT_EQ(state_of(document), "TAKEN");
    EXPECT_EQ(acknowledge(taken->documents(0), "ij-1").value().row().state(), "CLOSED");
    EXPECT_EQ(status().closed(), 1);
    expect_whole();
}

TEST_P(Queues, CloseADocumentOnceHoweverOftenItIsAcknowledged) {
    queue_one("L1", "0001");
    const auto taken = take(from_queue("595", "IJ"))->documents(0);
    acknowledge(taken, "ij-1").value();
    EXPECT_EQ(acknowledge(taken, "ij-1").value().row().state(), "CLOSED");
    EXPECT_EQ(acknowledge(taken, "ij-2").error().code, "NOT_TAKEN_BY_YOU");
    const auto history = reader_->document(taken.row().id())->history();
    int closed = 0;
    for (const auto& event : history) closed += event.kind() == "document.closed" ? 1 : 0;
    EXPECT_EQ(closed, 1);
    expect_whole();
}

TEST_P(Queues, GiveTheSoonestDueFirst) {
    const char* const due[] = {"2026-11-20T18:00:00+01:00", "2026-11-20T16:30:00Z", "2026-11-19T18:00:00+01:00"};
    for (int i = 0; i < 3; ++i) {
        register_new("L1", std::to_string(i));
        read_and_route(reading_of({{1}}), routed(1, "IJ", due[i]));
    }
    std::vector<std::string> order;
    const auto taken = take(from_queue("595", "IJ", 3));
    for (const auto& document : taken->documents()) order.push_back(document.row().pli());
    EXPECT_EQ(order, (std::vector<std::string>{"2", "1", "0"}));  // 16:30Z is 17:30 in Paris
    EXPECT_TRUE(take(from_queue("595", "IJ"))->documents().empty());
}

TEST_P(Queues, GiveBackWhatIsNotAcknowledgedInTime) {
    const std::string document = queue_one("L1", "0001");
    v1::Take brief = from_queue("595", "IJ");
    brief.set_lease_seconds(60);
    const auto late = take(brief)->documents(0);
    clock_.advance(seconds(61));
    EXPECT_EQ(expire().documents, 1);
    EXPECT_EQ(state_of(document), "QUEUED");
    EXPECT_EQ(acknowledge(late, "ij-1").error().code, "NOT_TAKEN_BY_YOU");
    const auto again = take(from_queue("595", "IJ", 1, "ij-1"))->documents(0);
    EXPECT_GT(again.fence(), late.fence());
    EXPECT_EQ(again.delivery_id(), late.delivery_id());  // the consumer can tell that it has seen it
    EXPECT_EQ(acknowledge(late, "ij-1").error().code, "NOT_TAKEN_BY_YOU");
    EXPECT_TRUE(acknowledge(again, "ij-1").has_value());
    expect_whole();
}

TEST_P(Queues, KeepWhatIsTakenThroughARestart) {
    const std::string document = queue_one("L1", "0001");
    const auto taken = take(from_queue("595", "IJ"))->documents(0);
    restart();
    EXPECT_EQ(state_of(document), "TAKEN");
    clock_.advance(seconds(599));
    EXPECT_EQ(expire().documents, 0);
    EXPECT_TRUE(acknowledge(taken, "ij-1").has_value());
    expect_whole();
}

TEST_P(Queues, ReleaseADocumentToItsQueue) {
    const std::string document = queue_one("L1", "0001");
    const auto taken = take(from_queue("595", "IJ"))->documents(0);
    EXPECT_EQ(release(taken, "someone else").error().code, "NOT_TAKEN_BY_YOU");
    EXPECT_EQ(release(taken, "ij-1").value().row().state(), "QUEUED");
    EXPECT_EQ(state_of(document), "QUEUED");
    EXPECT_EQ(take(from_queue("595", "IJ"))->documents_size(), 1);
    expect_whole();
}

TEST_P(Queues, TakeTheSameDocumentsForTheSameKey) {
    queue_one("L1", "0001");
    queue_one("L1", "0002");
    const auto first = take(from_queue("595", "IJ"), "key");
    restart();
    const auto again = take(from_queue("595", "IJ"), "key");
    EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
    EXPECT_EQ(status().taken(), 1);
    EXPECT_EQ(take(from_queue("595", "IJ", 2), "key").error().code, "KEY_REUSED");
}

TEST_P(Queues, TakeADocumentByItsName) {
    const std::string document = queue_one("L1", "0001");
    v1::Take take_it;
    take_it.set_document(document);
    take_it.set_by("ij-1");
    EXPECT_EQ(take(take_it)->documents(0).row().id(), document);
    EXPECT_EQ(take(take_it).error().code, "NOT_QUEUED");
    take_it.set_document("00000000000000000000000000000000-1");
    EXPECT_EQ(take(take_it).error().code, "DOCUMENT_UNKNOWN");
    take_it.set_document("nonsense");
    EXPECT_EQ(take(take_it).error().code, "DOCUMENT_UNKNOWN");
    take_it.clear_document();
    EXPECT_EQ(take(take_it).error().code, "QUEUE_REQUIRED");
}

TEST_P(Queues, SendADocumentBackToThePlatformWithItsReason) {
    const std::string document = queue_one("L1", "0001");
    const auto taken = take(from_queue("595", "IJ"))->documents(0);
    const auto returned = send_back(taken, "ij-1", "WRONG_SERVICE");
    ASSERT_TRUE(returned.has_value());
    EXPECT_EQ(returned->row().state(), "RETURNED");
    EXPECT_EQ(returned->row().reason(), "WRONG_SERVICE: not for us");
    EXPECT_EQ(send_back(taken, "ij-1", "WRONG_SERVICE").value().row().state(), "RETURNED");
    EXPECT_EQ(status().returned(), 1);
    v1::DocumentsQuery keying;
    keying.set_state("RETURNED");
    EXPECT_EQ(reader_->documents(keying)->documents_size(), 1);
    const auto history = reader_->document(document)->history();
    for (const auto& event : history) EXPECT_EQ(event.detail().find("not for us"), std::string::npos);
    expect_whole();
}

TEST_P(Queues, CloseADocumentWhenEachRecipientHasGivenItsReceipt) {
    const std::string pli = queue_with_copy_and_attachment();
    const auto master = take(from_queue("595", "IJ"));
    ASSERT_EQ(master->documents_size(), 2);  // with its attachment
    EXPECT_EQ(master->documents(1).row().role(), "attachment");
    EXPECT_NE(master->documents(1).delivery_id(), master->documents(0).delivery_id());
    EXPECT_EQ(state_of(pli + "-2"), "TAKEN");
    EXPECT_EQ(acknowledge(master->documents(0), "ij-1").value().row().state(), "QUEUED");  // its copy waits
    const auto copy = take(from_queue("595", "ELSM", 1, "elsm-1"));
    ASSERT_EQ(copy->documents_size(), 2);
    EXPECT_NE(copy->documents(0).delivery_id(), master->documents(0).delivery_id());
    EXPECT_EQ(acknowledge(copy->documents(0), "elsm-1").value().row().state(), "CLOSED");
    EXPECT_EQ(state_of(pli + "-2"), "CLOSED");
    EXPECT_EQ(status().closed(), 2);
    expect_whole();
}

TEST_P(Queues, TakeAnAttachmentsReceiptForItsMasters) {
    const std::string pli = queue_with_copy_and_attachment();
    const auto taken = take(from_queue("595", "IJ"));
    EXPECT_EQ(acknowledge(taken->documents(1), "ij-1").value().row().id(), pli + "-2");
    EXPECT_TRUE(acknowledge(taken->documents(0), "ij-1").has_value());  // a consumer that acknowledges each row
    EXPECT_EQ(state_of(pli + "-1"), "QUEUED");                          // for its copy
    v1::Take by_name = from_queue("595", "ELSM", 1, "elsm-1");
    by_name.set_document(pli + "-2");
    EXPECT_EQ(take(by_name)->documents(0).row().id(), pli + "-1");
    expect_whole();
}

TEST_P(Queues, WithdrawTheCopyOfADocumentThatWasSentBack) {
    const std::string pli = queue_with_copy_and_attachment();
    const auto master = take(from_queue("595", "IJ"))->documents(0);
    send_back(master, "ij-1", "WRONG_SERVICE").value();
    EXPECT_EQ(state_of(pli + "-1"), "RETURNED");
    EXPECT_EQ(state_of(pli + "-2"), "RETURNED");
    EXPECT_TRUE(take(from_queue("595", "ELSM"))->documents().empty());
    expect_whole();
}

TEST_P(Queues, LetARecipientEndWhatItHoldsOfADocumentThatWasSentBack) {
    const std::string pli = queue_with_copy_and_attachment();
    const auto copy = take(from_queue("595", "ELSM", 1, "elsm-1"))->documents(0);
    const auto master = take(from_queue("595", "IJ"))->documents(0);
    send_back(master, "ij-1", "WRONG_SERVICE").value();
    EXPECT_TRUE(acknowledge(copy, "elsm-1").has_value());
    EXPECT_EQ(state_of(pli + "-1"), "RETURNED");
    expect_whole();
}

TEST_P(Queues, KeepDoubtfulDocumentsForAPerson) {
    register_new("L1", "0001");
    read_and_route(reading_of({{1}}), to_key(1));
    register_new("L1", "0002");
    v1::Done incomplete = routed(1, "IJ");
    incomplete.mutable_decisions()->mutable_decisions(0)->add_to_key("nir");
    read_and_route(reading_of({{1}}), incomplete);
    register_new("L1", "0003");
    incomplete.mutable_decisions()->mutable_decisions(0)->set_keyed_by("service");
    read_and_route(reading_of({{1}}), incomplete);  // the service keys it itself
    EXPECT_EQ(status().to_key(), 2);
    EXPECT_EQ(status().queued(), 1);
    EXPECT_EQ(status().plis_in_flight(), 0);
    expect_whole();
}

TEST_P(Queues, TellTheirDepthAndAge) {
    queue_one("L1", "0001");
    clock_.advance(seconds(90));
    queue_one("L1", "0002");
    take(from_queue("595", "IJ")).value();
    const auto now = status();
    ASSERT_EQ(now.queues_size(), 1);
    EXPECT_EQ(now.queues(0).caisse(), "595");
    EXPECT_EQ(now.queues(0).service(), "IJ");
    EXPECT_EQ(now.queues(0).priority(), "P1");
    EXPECT_EQ(now.queues(0).depth(), 1);
    EXPECT_EQ(now.queues(0).taken(), 1);
    EXPECT_EQ(now.queues(0).oldest_seconds(), 0);
    EXPECT_EQ(now.queues(0).in_last_minutes(), 2);
    clock_.advance(seconds(30));
    EXPECT_EQ(status().queues(0).oldest_seconds(), 30);
}

TEST_P(Queues, AreReadPageByPageWithoutSkippingWhatComesInBetween) {
    for (int i = 0; i < 5; ++i) queue_one("L1", std::to_string(i));
    v1::DocumentsQuery query;
    query.set_caisse("595");
    query.set_service("IJ");
    query.set_limit(2);
    std::vector<std::string> seen;
    for (int pages = 0; pages < 10; ++pages) {
        const auto page = reader_->documents(query);
        ASSERT_TRUE(page.has_value());
        for (const auto& row : page->documents()) seen.push_back(row.pli());
        if (pages == 0) take(from_queue("595", "IJ")).value();
        if (page->next_cursor().empty()) break;
        query.set_cursor(page->next_cursor());
    }
    EXPECT_EQ(seen, (std::vector<std::string>{"0", "1", "2", "3", "4"}));
    query.set_cursor("what?");
    EXPECT_EQ(reader_->documents(query).error().code, "CURSOR_INVALID");
}

TEST_P(Queues, ShowADocumentWithItsWholeStory) {
    const std::string pli = queue_with_copy_and_attachment();
    const auto view = reader_->document(pli + "-1");
    ASSERT_TRUE(view.has_value());
    EXPECT_EQ(view->document().id(), 1);
    EXPECT_EQ(view->decision().route().service(), "IJ");
    EXPECT_EQ(view->siblings_size(), 1);
    EXPECT_EQ(view->files_size(), 1);
    EXPECT_EQ(view->history(0).kind(), "pli.registered");
    EXPECT_EQ(view->history(0).pli_id(), pli);
    const auto events = reader_->events(0, 1000);
    EXPECT_EQ(events.events(0).kind(), "ledger.opened");
    EXPECT_EQ(events.last(), status().last_event());
    EXPECT_EQ(reader_->events(events.last(), 10).events_size(), 0);
}

ON_BOTH_ENGINES(Queues);

}  // namespace
}  // namespace pleiade::ledger
