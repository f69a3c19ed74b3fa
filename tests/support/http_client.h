// A small blocking HTTP client, to talk to a gateway on loopback as any program would.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pleiade::test {

struct Answer {
    int status = 0;
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;

    boost::json::object json() const { return boost::json::parse(body).as_object(); }
    std::string code() const { return std::string(json().at("code").as_string()); }
};

using Headers = std::vector<std::pair<std::string, std::string>>;

class HttpClient {
  public:
    virtual ~HttpClient() = default;
    virtual std::uint16_t port() const = 0;
    // What every request of `send` carries, unless it has a Cookie or an Authorization of its own: who is signed in.
    virtual Headers credentials(const std::string& target, const std::string& body);

    Answer get(const std::string& target, const Headers& headers = {});
    Answer post(const std::string& target, const std::string& json, const std::string& key, Headers headers = {});
    Answer send(const std::string& method, const std::string& target, const std::string& body, const Headers& headers);
    // Sends the bytes as they are and returns what comes back until the end, or until `until` was seen.
    std::string raw(const std::string& bytes, const std::string& until = "", int wait_ms = 5'000);
    // Sends the bytes, reads nothing for `wait`, then all that comes until the end; nothing when no end came.
    std::optional<std::string> read_late(const std::string& bytes, std::chrono::milliseconds wait);
};

}  // namespace pleiade::test
