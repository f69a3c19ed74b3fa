// A real gateway on a free port, over the fake desk.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "services/gateway/gateway.h"
#include "tests/support/http_client.h"
#include "tests/web/fake/fake_desk.h"
#include "tests/web/fake/mail.h"

namespace pleiade::gateway {

using test::Answer;
using test::Headers;
using test::HttpClient;

Reference small_reference();  // of three types, three services, one caisse

// Fails, or answers bytes that tell what it was asked.
class FakeImages final : public PageImages {
  public:
    Result<EncodedPage> encode(const PageImageRequest& request) override;
    std::optional<Error> error;
    PageImageRequest last;
};

class FakeBinder final : public Binder {
  public:
    Result<std::string> bind(const PliId& pli, const std::vector<BoundPage>& pages, const std::string& title) override;
    std::optional<Error> error;
    std::vector<BoundPage> last;
    std::size_t padding_bytes = 0;
};

class Harness final : public HttpClient {
  public:
    explicit Harness(GatewayOptions options = {});
    ~Harness() override;

    std::uint16_t port() const override { return gateway->port(); }
    // Whoever the body names (`by`), else "tester": with every right.
    Headers credentials(const std::string& target, const std::string& body) override;
    Headers signed_in(const v1::Account& account);
    // The lines of those headers, for raw requests.
    std::string signed_in_lines();

    fake::FakeDesk desk;
    FakeImages images;
    FakeBinder binder;
    Reference reference;
    std::unique_ptr<Gateway> gateway;

  private:
    std::mutex mutex_;                       // some tests ask from several threads
    std::map<std::string, Headers> people_;  // by mutex_
};

// Of a body: who it says that it is from.
std::string named_in(const std::string& body, const std::string& otherwise);
// What a browser with this session sends.
Headers session_headers(const std::string& cookie);

}  // namespace pleiade::gateway
