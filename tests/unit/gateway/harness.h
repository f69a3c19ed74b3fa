// A real gateway on a free port, over the fake desk, and a small blocking HTTP client to talk to it.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/gateway/gateway.h"
#include "tests/web/fake/fake_desk.h"
#include "tests/web/fake/mail.h"

namespace pleiade::gateway {

struct Answer {
    int status = 0;
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;

    boost::json::object json() const { return boost::json::parse(body).as_object(); }
    std::string code() const { return std::string(json().at("code").as_string()); }
};

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

using Headers = std::vector<std::pair<std::string, std::string>>;

class Harness {
  public:
    explicit Harness(GatewayOptions options = {});
    ~Harness();

    Answer get(const std::string& target, const Headers& headers = {});
    Answer post(const std::string& target, const std::string& json, const std::string& key, Headers headers = {});
    Answer send(const std::string& method, const std::string& target, const std::string& body, const Headers& headers);
    // Sends the bytes as they are and returns what comes back until the end, or until `until` was seen.
    std::string raw(const std::string& bytes, const std::string& until = "", int wait_ms = 5'000);
    // Sends the bytes, reads nothing for `wait`, then all that comes until the end; nothing when no end came.
    std::optional<std::string> read_late(const std::string& bytes, std::chrono::milliseconds wait);
    std::uint16_t port() const { return gateway->port(); }

    fake::FakeDesk desk;
    FakeImages images;
    FakeBinder binder;
    Reference reference;
    std::unique_ptr<Gateway> gateway;
};

}  // namespace pleiade::gateway
