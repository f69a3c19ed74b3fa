#include "tests/unit/ledger/mail_room.h"

#include <fmt/format.h>

#include "common/base/sha256.h"
#include "common/ledger/verify.h"

namespace pleiade::ledger {

std::string digest(const std::string& text) {
    return sha256_hex(text);
}

v1::Register pli_of(const std::string& lot, const std::string& rank, int pages, const std::string& content) {
    v1::Register pli;
    pli.mutable_context()->set_lot(lot);
    pli.mutable_context()->set_pli(rank);
    pli.mutable_context()->set_caisse("595");
    pli.mutable_context()->set_received_on("2026-11-20");
    v1::StoredFile& file = *pli.add_files();
    file.set_sha256(digest(content));
    file.set_size_bytes(1000);
    file.set_name(rank + ".tif");
    for (int i = 0; i < pages; ++i) {
        v1::PageRef& page = *pli.add_pages();
        page.set_page(i + 1);
        page.set_index(i);
    }
    return pli;
}

v1::Done reading_of(const std::vector<std::vector<int>>& documents, const std::vector<int>& blanks) {
    v1::Done done;
    v1::Reading& reading = *done.mutable_reading();
    int id = 0;
    for (const auto& pages : documents) {
        v1::DocumentReading& document = *reading.add_documents();
        document.set_id(++id);
        document.set_type("AAT");
        document.set_confidence(0.99);
        document.set_role("master");
        for (const int page : pages) {
            document.add_pages(page);
            v1::PageReading& read = *reading.add_pages();
            read.set_page(page);
            read.set_kind("document");
        }
    }
    for (const int page : blanks) {
        v1::PageReading& read = *reading.add_pages();
        read.set_page(page);
        read.set_kind("blank");
    }
    return done;
}

v1::Decision decision_of(int document, const std::string& service, const std::string& due) {
    v1::Decision decision;
    decision.set_document(document);
    decision.set_kind("auto");
    decision.set_secrecy("medical");
    decision.set_keyed_by("platform");
    decision.set_keyed_before_queue(true);
    decision.mutable_route()->set_processed_by("595");
    decision.mutable_route()->set_service(service);
    decision.mutable_route()->set_priority("P1");
    decision.mutable_route()->set_due(due);
    return decision;
}

v1::Done routed(int document, const std::string& service, const std::string& due) {
    v1::Done done;
    *done.mutable_decisions()->add_decisions() = decision_of(document, service, due);
    return done;
}

v1::Done to_key(int document) {
    v1::Done done;
    v1::Decision& decision = *done.mutable_decisions()->add_decisions();
    decision.set_document(document);
    decision.set_kind("keying");
    return done;
}

v1::Take from_queue(const std::string& caisse, const std::string& service, int count, const std::string& by) {
    v1::Take take;
    take.set_caisse(caisse);
    take.set_service(service);
    take.set_count(count);
    take.set_by(by);
    return take;
}

MailRoom::MailRoom() : clock_(WallTime{std::chrono::hours{24 * 365 * 56}}) {
    options_.folder = folder_ / "ledger";
    options_.clock = &clock_;
    options_.seed = 7;
    store_ = make_test_store(GetParam(), options_.folder);
    if (store_) options_.url = store_->url();
    open();
}

void MailRoom::SetUp() {
    if (!store_) GTEST_SKIP() << "SKIPPED: PostgreSQL 15 is not installed";
}

void MailRoom::open() {
    if (!store_) return;
    ledger_ = open_ledger(options_);
    reader_ = open_reader(options_.url, options_.folder, clock_);
}

void MailRoom::restart() {
    ledger_.reset();
    reader_.reset();
    open();
}

#define SAY(type, call)        \
    ledger_->begin();          \
    const type answer_ = call; \
    ledger_->commit();         \
    return answer_

Result<v1::LotOpened> MailRoom::open_lot(const std::string& lot, int plis, const std::string& content) {
    v1::OpenLot message;
    message.set_lot(lot);
    message.set_content_sha256(content);
    message.set_caisse("595");
    message.set_announced_plis(plis);
    SAY(Result<v1::LotOpened>, ledger_->open_lot({"ingest", "", ""}, message));
}

Result<v1::Registered> MailRoom::register_pli(const v1::Register& pli, const std::string& key) {
    SAY(Result<v1::Registered>, ledger_->register_pli({"ingest", key, ""}, pli));
}

std::string MailRoom::register_new(const std::string& lot, const std::string& rank, int pages,
                                   const std::string& caisse, const std::string& registered_mail) {
    v1::Register pli = pli_of(lot, rank, pages, "content of " + lot + rank);
    pli.mutable_context()->set_caisse(caisse);
    pli.mutable_context()->set_registered_mail(registered_mail);
    const auto registered = register_pli(pli, digest(lot + "/" + rank));
    EXPECT_TRUE(registered.has_value());
    return registered ? registered->pli_id() : "";
}

Result<v1::Rejected> MailRoom::reject(const std::string& lot, const std::string& pli, const std::string& code,
                                      const std::string& key) {
    v1::Reject message;
    message.set_lot(lot);
    message.set_pli(pli);
    message.set_code(code);
    SAY(Result<v1::Rejected>, ledger_->reject({"ingest", key, ""}, message));
}

std::optional<GrantedTask> MailRoom::lease(const std::string& worker, const std::vector<std::string>& stages,
                                           const std::string& request, std::int64_t incarnation) {
    const std::string id = request.empty() ? fmt::format("request {}", ++said_) : request;
    SAY(std::optional<GrantedTask>, ledger_->lease({worker, incarnation, id, stages}));
}

Result<Verdict> MailRoom::finish(const GrantedTask& task, const v1::Done& done) {
    const std::string result = digest(done.SerializeAsString());
    SAY(Result<Verdict>, ledger_->finish(task.task_id, task.fence, result, done));
}

Verdict MailRoom::give_up(const GrantedTask& task, const std::string& kind) {
    v1::Nack nack;
    nack.set_class_(kind);
    nack.set_code("ENGINE_FAILED");
    SAY(Verdict, ledger_->give_up(task.task_id, task.fence, nack));
}

Expired MailRoom::expire() {
    SAY(Expired, ledger_->expire());
}

Result<v1::Taken> MailRoom::take(const v1::Take& take, const std::string& key) {
    SAY(Result<v1::Taken>, ledger_->take({take.by(), key, digest(take.SerializeAsString())}, take));
}

Result<v1::Acted> MailRoom::acknowledge(const v1::TakenDocument& taken, const std::string& by, const std::string& key) {
    v1::Acknowledge receipt;
    receipt.set_document(taken.row().id());
    receipt.set_by(by);
    receipt.set_fence(taken.fence());
    SAY(Result<v1::Acted>, ledger_->acknowledge({by, key, ""}, receipt));
}

Result<v1::Acted> MailRoom::send_back(const v1::TakenDocument& taken, const std::string& by, const std::string& code) {
    v1::ReturnToPlatform returned;
    returned.set_document(taken.row().id());
    returned.set_by(by);
    returned.set_fence(taken.fence());
    returned.set_code(code);
    returned.set_note("not for us");
    SAY(Result<v1::Acted>, ledger_->return_to_platform({by, "", ""}, returned));
}

Result<v1::Acted> MailRoom::release(const v1::TakenDocument& taken, const std::string& by) {
    v1::Release released;
    released.set_document(taken.row().id());
    released.set_by(by);
    released.set_fence(taken.fence());
    SAY(Result<v1::Acted>, ledger_->release({by, "", ""}, released));
}

void MailRoom::read_and_route(const v1::Done& reading, const v1::Done& decisions) {
    const auto read = lease("reader-1", {"read"});
    ASSERT_TRUE(read.has_value());
    ASSERT_EQ(finish(*read, reading).value(), Verdict::Accepted);
    const auto route = lease("router-1", {"route"});
    ASSERT_TRUE(route.has_value());
    ASSERT_EQ(finish(*route, decisions).value(), Verdict::Accepted);
}

std::string MailRoom::queue_one(const std::string& lot, const std::string& rank) {
    const std::string pli = register_new(lot, rank);
    read_and_route(reading_of({{1}}), routed(1, "IJ"));
    return pli + "-1";
}

v1::Status MailRoom::status() {
    return reader_->status();
}

std::string MailRoom::state_of(const std::string& document) {
    const auto view = reader_->document(document);
    return view ? view->row().state() : view.error().code;
}

std::string MailRoom::pli_state(const std::string& pli) {
    const auto view = reader_->pli(pli);
    return view ? view->state() : view.error().code;
}

void MailRoom::expect_whole() {
    const auto verified = verify(options_.url, options_.folder, nullptr);
    EXPECT_TRUE(verified.has_value()) << verified.error().message;
}

}  // namespace pleiade::ledger
