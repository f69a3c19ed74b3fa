#include "tests/faults/web_service.h"

#include <fmt/format.h>

#include <stdexcept>
#include <thread>

#include "common/bus/client.h"
#include "common/runtime/secrets.h"

namespace pleiade::faults {
namespace {

using std::chrono::milliseconds;

// A connection that was refused or cut has no status; a body that was cut short is no answer either.
bool is_answer(const test::Answer& answer) {
    if (answer.status == 0 || answer.status >= 500 || answer.status == 429) return false;
    boost::system::error_code error;
    boost::json::parse(answer.body, error);
    // Said again too soon: the gateway still asks the hub.
    return !error && (answer.status != 409 || answer.code() != "IDEMPOTENCY_IN_PROGRESS");
}

}  // namespace

WebService::WebService(HubAddress desk, std::uint16_t gateway, std::string caisse, std::string service,
                       const std::atomic<bool>& stop)
    : desk_(std::move(desk)),
      gateway_(gateway),
      caisse_(std::move(caisse)),
      service_(std::move(service)),
      stop_(stop) {}

test::Headers WebService::credentials(const std::string&, const std::string&) {
    return {{"Authorization", "Bearer " + key_}};
}

void WebService::ask_for_key() {
    key_ = runtime::random_token();
    v1::AddApiKey command;
    command.set_by("bench");
    command.set_name("bench-" + service_);
    command.set_caisse(caisse_);
    command.set_service(service_);
    command.set_key_hash(runtime::digest_of(key_));
    bus::Client client(desk_);
    bus::CallOptions options;
    options.idempotency_key = "key " + service_;
    options.patience = std::chrono::seconds(2);
    while (!stop_ && !client.ask<v1::ApiKeySaved>(command, options)) std::this_thread::sleep_for(milliseconds(50));
}

test::Answer WebService::insist(const std::string& target, const std::string& body, const std::string& key) {
    while (!stop_) {
        test::Answer answer = post(target, body, key);
        if (is_answer(answer)) return answer;
        std::this_thread::sleep_for(milliseconds(50));
    }
    return {};
}

void WebService::run(const std::function<void(const std::string& delivery)>& closed) {
    ask_for_key();
    const auto queue = fmt::format("/api/v1/queues/{}/{}:take", caisse_, service_);
    for (int command = 1; !stop_; ++command) {
        const auto taken = insist(queue, R"({"count":20,"lease_seconds":20})", fmt::format("take-{}", command));
        if (taken.status == 0) return;
        if (taken.status != 200)
            throw std::logic_error("the gateway refuses its own queue to a service: " + taken.body);
        const auto documents = taken.json().at("documents").as_array();
        for (const auto& document : documents) {
            const std::string id(document.at("id").as_string());
            const std::string delivery(document.at("delivery_id").as_string());
            const auto fence = boost::json::serialize(document.at("fence"));
            const auto receipt =
                insist(fmt::format("/api/v1/documents/{}:acknowledge", id), fmt::format(R"({{"fence":{}}})", fence),
                       fmt::format("receipt-{}-{}", delivery, fence));
            if (receipt.status == 200) closed(delivery);
        }
        if (documents.empty()) std::this_thread::sleep_for(milliseconds(20));
    }
}

}  // namespace pleiade::faults
