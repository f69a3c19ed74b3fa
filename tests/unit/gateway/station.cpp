#include "tests/unit/gateway/station.h"

#include <gtest/gtest.h>

#include "common/base/sha256.h"
#include "common/bus/client.h"
#include "common/ledger/verify.h"
#include "common/runtime/secrets.h"
#include "services/gateway/bus_desk.h"

namespace pleiade::gateway {

namespace {

constexpr const char* kRouterVersion = "test";

std::string endpoint(const test::TemporaryFolder& folder, const char* name) {
    return "ipc://" + (folder.path() / name).string();
}

}  // namespace

Result<RectangleText> FakeTexts::read(const RectangleRequest& request) {
    if (error) return tl::unexpected<Error>(*error);
    last = request;
    return RectangleText{request.digits ? "2550814168025" : "DURAND", 0.9};
}

Station::Station(std::chrono::milliseconds lease) : reference(small_reference()) {
    hub::HubOptions options;
    options.ledger.folder = (folder.path() / "ledger").string();
    options.ledger.clock = &clock_;
    options.ledger.keying_lease = lease;
    options.ledger.types = &reference.nomenclature();
    options.work_endpoints = {endpoint(folder, "work")};
    options.desk_endpoints = {endpoint(folder, "desk")};
    options.disk_free_bytes_min = 0;
    hub_ = std::make_unique<hub::Hub>(options);
    thread_ = std::thread([this] { hub_->run(stop_); });
    desk = bus_desk(endpoint(folder, "desk"));
    GatewayOptions gateway_options;
    gateway_options.texts = &texts;
    auto started = Gateway::start(gateway_options, *desk, images, binder, reference);
    if (!started) throw std::runtime_error(started.error().message);
    gateway = std::move(*started);
}

Station::~Station() {
    gateway.reset();
    stop_ = true;
    thread_.join();
}

std::string Station::receive(const std::string& rank, const Mail& mail) {
    mail_[rank] = mail;
    v1::Register pli;
    pli.mutable_context()->set_lot("L1");
    pli.mutable_context()->set_pli(rank);
    pli.mutable_context()->set_caisse("595");
    pli.mutable_context()->set_received_on("2026-11-20");
    pli.mutable_context()->set_registered_mail(mail.registered);
    if (!mail.endorser.empty()) pli.set_manifest_json(R"({"endorsers":[")" + mail.endorser + R"("]})");
    pli.add_files()->set_sha256(sha256_hex("content of " + rank));
    for (int page = 1; page <= mail.pages; ++page) {
        v1::PageRef& ref = *pli.add_pages();
        ref.set_page(page);
        ref.set_index(page - 1);
    }
    bus::Client client(endpoint(folder, "work"));
    bus::CallOptions options;
    options.idempotency_key = sha256_hex("key of " + rank);
    const auto registered = client.ask<v1::Registered>(pli, options);
    EXPECT_TRUE(registered.has_value()) << registered.error().code;
    work();
    return registered->pli_id();
}

v1::Done Station::result_of(const v1::Lease& lease) {
    const Mail& mail = mail_.at(lease.context().pli());
    v1::Done done;
    if (lease.stage() == "read") {
        for (const auto& page : lease.pages()) {
            v1::PageReading& read = *done.mutable_reading()->add_pages();
            read.set_page(page.page());
            read.set_kind("document");
            v1::DocumentReading& document = *done.mutable_reading()->add_documents();
            document.set_id(page.page());
            document.set_type(mail.medical ? "AAT" : "RIB");
            document.set_confidence(0.6);
            document.set_role("master");
            document.add_pages(page.page());
            if (page.page() > 1 || mail.nir.empty()) continue;
            v1::FieldValue& nir = *document.add_fields();
            nir.set_name("nir");
            nir.set_value(mail.nir);
            nir.set_status("valid");
            nir.set_page(1);
        }
        return done;
    }
    done.mutable_decisions()->set_router_version(kRouterVersion);
    for (const auto& document : lease.reading().documents()) {
        v1::Decision& decision = *done.mutable_decisions()->add_decisions();
        decision.set_document(document.id());
        decision.set_kind(mail.keying && document.settled().empty() ? "keying" : "auto");
        decision.set_secrecy(document.type() == "AAT" ? "medical" : "normal");
        decision.set_keyed_by("platform");
        decision.set_keyed_before_queue(true);
        decision.set_affiliation_caisse("595");
        decision.add_reasons("À vérifier : type ou découpe des pages incertains");
        decision.mutable_route()->set_processed_by("595");
        decision.mutable_route()->set_service(document.type() == "AAT" ? "IJ" : "GDB");
        for (const int page : document.pages()) decision.mutable_route()->add_pages(page);
        decision.mutable_route()->set_priority("P1");
        decision.mutable_route()->set_due("2026-11-20T18:00:00+01:00");
    }
    return done;
}

void Station::work() {
    bus::Client client(endpoint(folder, "work"));
    v1::Ready ready;
    ready.set_worker("worker-1");
    ready.set_credit(1);
    ready.add_stages("read");
    ready.add_stages("route");
    for (;;) {
        const auto answer = client.call("Ready", ready.SerializeAsString(), {});
        ASSERT_TRUE(answer.has_value()) << answer.error().code;
        if (answer->type() != "Lease") return;
        v1::Lease lease;
        ASSERT_TRUE(lease.ParseFromString(answer->body()));
        const std::string body = result_of(lease).SerializeAsString();
        bus::CallOptions options;
        options.task_id = answer->task_id();
        options.fence = answer->fence();
        options.content_sha256 = sha256_hex(body);
        ASSERT_EQ(client.call("Done", body, options)->type(), "Ack");
    }
}

void Station::put_aside(const std::string& pli) {
    ASSERT_EQ(say("/api/v1/recovery/re-read", {{"by", "s"}, {"ids", {pli}}, {"reason", "test"}}).status, 200);
    bus::Client client(endpoint(folder, "work"));
    v1::Ready ready;
    ready.set_worker("worker-2");
    ready.set_credit(1);
    ready.add_stages("read");
    const auto answer = client.call("Ready", ready.SerializeAsString(), {});
    ASSERT_EQ(answer->type(), "Lease");
    v1::Nack nack;
    nack.set_class_("poison");
    nack.set_code("READER_CRASHED");
    nack.set_message("the reader died of it");
    bus::CallOptions options;
    options.task_id = answer->task_id();
    options.fence = answer->fence();
    ASSERT_EQ(client.call("Nack", nack.SerializeAsString(), options)->type(), "Ack");
}

v1::Account Station::platform(const std::string& name) {
    v1::Account account;
    account.set_name(name);
    account.add_roles("keyer");
    account.add_roles("supervisor");
    account.set_medical(true);
    for (const char* skill : {"at", "recours"}) account.add_skills(skill);
    return account;
}

v1::Account Station::agent(const std::string& name) {
    v1::Account account;
    account.set_name(name);
    account.add_roles("service_agent");
    account.set_medical(true);
    for (const char* service : {"595-GDB", "595-IJ", "595-ELSM"}) account.add_services(service);
    return account;
}

Headers Station::signed_in(const v1::Account& account) {
    v1::SaveAccount save;
    save.set_by("test");
    save.set_create(true);
    *save.mutable_account() = account;
    EXPECT_TRUE(desk->ask<v1::AccountSaved>(save).has_value());
    const std::string cookie = runtime::random_token();
    v1::OpenSession open;
    open.set_by(account.name());
    open.set_id_hash(runtime::digest_of(cookie));
    open.set_method("password");
    EXPECT_TRUE(desk->ask<v1::SessionView>(open).has_value());
    return session_headers(cookie);
}

Headers Station::credentials(const std::string& target, const std::string& body) {
    const std::string name = named_in(body, "sup");
    const bool service = target.find("/queues/") != std::string::npos || target.ends_with(":acknowledge") ||
                         target.ends_with(":answer-recall") ||
                         (target.find("/documents/") != std::string::npos &&
                          (target.ends_with(":return") || target.ends_with(":release")));
    const std::string account = service && name == "sup" ? "agent" : name;
    const std::lock_guard lock(people_mutex_);
    auto& headers = people_[account];
    if (headers.empty()) headers = signed_in(service ? agent(account) : platform(account));
    return headers;
}

Answer Station::say(const std::string& target, const boost::json::object& body) {
    return post(target, boost::json::serialize(body), "key-" + std::to_string(++keys_));
}

Answer Station::put(const std::string& target, const boost::json::object& body) {
    return send("PUT", target, boost::json::serialize(body), {{"Content-Type", "application/json"}});
}

boost::json::object Station::job(const std::string& by) {
    const auto answer = say("/api/v1/keying:next", {{"by", by}, {"medical", true}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto jobs = answer.json().at("jobs").as_array();
    return jobs.empty() ? boost::json::object() : jobs.front().as_object();
}

boost::json::object Station::agreed(const boost::json::object& job) {
    boost::json::array documents;
    for (const auto& document : job.at("documents").as_array()) {
        documents.push_back({{"number", document.at("number")},
                             {"type", "RIB"},
                             {"pages", document.at("pages")},
                             {"fields", {{{"name", "iban"}, {"state", "absent"}}}}});
    }
    return {{"by", job.at("by")}, {"fence", job.at("fence")}, {"documents", std::move(documents)}};
}

std::string Station::state_of(const std::string& document) {
    const auto answer = get("/api/v1/documents/" + document);
    return answer.status == 200 ? std::string(answer.json().at("state").as_string()) : answer.code();
}

void Station::expect_whole() {
    const auto difference = get("/api/v1/status").json().at("difference").as_object();
    for (const auto& [name, value] : difference) EXPECT_EQ(value.as_int64(), 0) << name;
    const auto verified = ledger::verify((folder.path() / "ledger").string(), nullptr);
    EXPECT_TRUE(verified.has_value()) << verified.error().message;
}

}  // namespace pleiade::gateway
