// What the gateway asks of the hub.
//
// A port because tests make it fail on demand: a hub that is away, refuses, or answers late. Production has one
// implementation, over the bus (bus_desk.h).
// Concurrency: every method is called from several threads at once and may block.
// Errors: the hub's own, or HUB_UNREACHABLE (Unavailable).
#pragma once

#include <cstdint>
#include <string>

#include "common/base/result.h"
#include "common/wire/messages.h"

namespace pleiade::gateway {

class Desk {
  public:
    virtual ~Desk() = default;

    virtual Result<v1::Status> status() = 0;
    virtual Result<v1::DocumentsPage> documents(const v1::DocumentsQuery& query) = 0;
    virtual Result<v1::DocumentView> document(const std::string& id) = 0;
    virtual Result<v1::PliView> pli(const std::string& id) = 0;
    virtual Result<v1::Events> events(std::int64_t after, int limit) = 0;
    virtual Result<v1::Rejections> rejections(int limit) = 0;
    virtual Result<v1::Workers> workers() = 0;

    // Commands: the same key says the same thing once.
    virtual Result<v1::Taken> take(const v1::Take& command, const std::string& key) = 0;
    virtual Result<v1::Acted> acknowledge(const v1::Acknowledge& command, const std::string& key) = 0;
    virtual Result<v1::Acted> give_back(const v1::ReturnToPlatform& command, const std::string& key) = 0;
    virtual Result<v1::Acted> release(const v1::Release& command, const std::string& key) = 0;

    // Keying, recovery, search: the message classes give the type names. `key` is empty for what may be said twice.
    template <class Answer, class Request>
    Result<Answer> ask(const Request& request, const std::string& key = "") {
        const auto answer = call(Request::descriptor()->name(), request.SerializeAsString(), key);
        if (!answer) return pass_on(answer);
        Answer parsed;
        if (answer->type() != Answer::descriptor()->name() || !parsed.ParseFromString(answer->body())) {
            return unavailable("ANSWER_UNEXPECTED",
                               "the hub answered " + answer->type() + "; are both of one version?");
        }
        return parsed;
    }

  protected:
    virtual Result<v1::Envelope> call(const std::string& type, const std::string& body, const std::string& key) = 0;
};

}  // namespace pleiade::gateway
