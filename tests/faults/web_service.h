// A service that takes and acknowledges through the gateway, with a key of its own, as its program would over HTTP: a
// request whose answer is lost, cut short or "not now" is said again under the same Idempotency-Key.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "common/base/hub_address.h"
#include "tests/support/http_client.h"

namespace pleiade::faults {

class WebService final : private test::HttpClient {
  public:
    // `desk`: of the hub, which is asked for the key once, for as long as that takes unless `stop`.
    WebService(HubAddress desk, std::uint16_t gateway, std::string caisse, std::string service,
               const std::atomic<bool>& stop);

    // Until `stop`; `closed` is told the delivery of each receipt that the gateway has confirmed.
    void run(const std::function<void(const std::string& delivery)>& closed);

  private:
    std::uint16_t port() const override { return gateway_; }
    test::Headers credentials(const std::string& target, const std::string& body) override;
    void ask_for_key();
    // Status 0: stopped meanwhile.
    test::Answer insist(const std::string& target, const std::string& body, const std::string& key);

    const HubAddress desk_;
    const std::uint16_t gateway_;
    const std::string caisse_;
    const std::string service_;
    const std::atomic<bool>& stop_;
    std::string key_;
};

}  // namespace pleiade::faults
