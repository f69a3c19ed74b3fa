// What the handlers of messages share: parse a body, refuse in one form, say what they know.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/bus/router_server.h"
#include "common/wire/messages.h"

namespace pleiade::hub {

v1::Envelope refuse(const v1::Envelope& request, const Error& error, std::uint64_t epoch);

// Refuses a version that this hub does not speak.
Result<void> check_version(const v1::Envelope& request);

template <class Message>
Result<Message> parse_body(const v1::Envelope& request) {
    Message message;
    if (!message.ParseFromString(request.body())) {
        return invalid("BODY_MALFORMED", "the body is not a " + Message::descriptor()->name());
    }
    return message;
}

template <class Reply>
v1::Envelope answer_or_refuse(const v1::Envelope& request, const Result<Reply>& reply, std::uint64_t epoch) {
    return reply ? bus::answer_to(request, *reply, epoch) : refuse(request, reply.error(), epoch);
}

// The messages that a table of handlers knows.
template <class Handlers>
std::vector<std::string> types_of(const Handlers& handlers) {
    std::vector<std::string> types;
    for (const auto& [type, handler] : handlers) types.push_back(type);
    return types;
}

}  // namespace pleiade::hub
