// A proxy between a client and an HTTP server that does to each exchange what a test says.
//
// Operation: each request is read whole, then passed on, or answered here, or lost; so is its answer. With a
// certificate it speaks TLS to its clients. Concurrency: a thread a connection; `decide` is called from any of them.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tests/support/s3/certificate.h"

namespace pleiade::test {

struct HttpFault {
    std::chrono::milliseconds delay{0};
    int status = 0;  // answered here, with `text`, without asking the server
    std::string text{};
    bool drop = false;         // the connection is cut before the server hears of it
    bool lose_answer = false;  // the server does it, the connection is cut before the answer
    bool cut_answer = false;   // half of the body comes
    bool flip_sent = false;    // one bit of the request's body
    bool flip_answer = false;  // one bit of the answer's body
};

class HttpFaults {
  public:
    using Decide = std::function<HttpFault(const std::string& method, const std::string& target)>;

    HttpFaults(std::uint16_t server, Decide decide, const std::optional<Certificate>& certificate = std::nullopt);
    ~HttpFaults();
    std::string url() const;  // "http://127.0.0.1:port", or https
    int requests() const { return requests_; }

  private:
    struct Impl;
    std::atomic<int> requests_{0};
    std::unique_ptr<Impl> impl_;
};

}  // namespace pleiade::test
