// Asks the hub and waits for its answer.
//
// Operation: one DEALER socket; a request is resent (same request id, same idempotency key) each time the link comes
// back or `resend_every` passes, until its answer comes or `patience` ends. A Refused answer becomes an Error of its
// kind. A late answer to another request is dropped. Of several hubs, one that is silent or whose store is away is left
// for the next; an error is what all of them had to say.
// Concurrency: a Client belongs to one thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "common/base/hub_address.h"
#include "common/base/result.h"
#include "common/wire/messages.h"

namespace pleiade::bus {

struct CallOptions {
    std::string idempotency_key{};
    std::string task_id{};
    std::uint64_t fence = 0;
    std::string content_sha256{};
    std::chrono::milliseconds patience{10'000};
    std::chrono::milliseconds resend_every{1'000};
};

class Client {
  public:
    explicit Client(HubAddress hubs);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // Errors: HUB_UNREACHABLE (Unavailable) when patience ends; those of check_keys() at once; else what the hub
    // refused with.
    Result<v1::Envelope> call(const std::string& type, const std::string& body, const CallOptions& options);

    // The message classes give the type names.
    template <class Answer, class Request>
    Result<Answer> ask(const Request& request, const CallOptions& options = {}) {
        auto answer = call(Request::descriptor()->name(), request.SerializeAsString(), options);
        if (!answer) return pass_on(answer);
        Answer parsed;
        if (answer->type() != Answer::descriptor()->name() || !parsed.ParseFromString(answer->body())) {
            return unavailable("ANSWER_UNEXPECTED",
                               "the hub answered " + answer->type() + "; are both of one version?");
        }
        return parsed;
    }

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace pleiade::bus
