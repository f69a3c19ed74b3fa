// A request and a response as handlers see them: plain values, no Beast.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/gateway/access/principal.h"

namespace pleiade::gateway {

struct Request {
    std::string method;
    std::string path;  // percent-decoded, always begins with /
    std::vector<std::pair<std::string, std::string>> query;
    std::map<std::string, std::string, std::less<>> headers;  // names in lower case
    std::string body;
    std::map<std::string, std::string, std::less<>> params;  // what the route's pattern caught
    std::string trace_id;                                    // 32 hex digits
    std::string remote;                                      // the address it came from
    Principal who;                                           // set by the gatekeeper, before any handler

    const std::string& param(std::string_view name) const;
    std::optional<std::string> query_value(std::string_view name) const;
    std::string_view header(std::string_view name) const;  // empty when absent
};

std::string cookie_value(const Request& request, std::string_view name);  // empty when absent

// What is sent to many at once: encoded once, held by all of their queues.
using SharedBytes = std::shared_ptr<const std::string>;

// Where a live response writes. Thread-safe.
class StreamSink {
  public:
    virtual ~StreamSink() = default;
    // False once the client is gone, or was cut because it reads too slowly.
    virtual bool send(SharedBytes bytes) = 0;
    bool send(std::string bytes) { return send(std::make_shared<const std::string>(std::move(bytes))); }
    virtual std::size_t pending_bytes() const = 0;
    virtual void close() {}
};

// One value of a request that is wrong.
struct ValueProblem {
    std::string pointer;  // JSON pointer, or a parameter's name
    std::string detail;   // French
    std::string code{};   // stable, when this value has one of its own
};

struct Problem {
    std::string code;    // stable, for programs
    std::string title;   // French, the same for every occurrence
    std::string detail;  // French, this occurrence, with what to do
    std::vector<ValueProblem> errors;
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::optional<Problem> problem;  // rendered into `body` with the trace id when the response leaves
    // Set for a response without end: called once with the sink, after the header was written.
    std::function<void(std::shared_ptr<StreamSink>)> stream;
};

// Blocking; called from several threads.
using Application = std::function<Response(Request&)>;

}  // namespace pleiade::gateway
