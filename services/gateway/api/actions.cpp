// What a service does with a document that it has taken.
#include <algorithm>
#include <array>

#include "common/runtime/log.h"
#include "services/gateway/api/body.h"
#include "services/gateway/api/handlers.h"
#include "services/gateway/api/idempotency.h"
#include "services/gateway/api/json.h"
#include "services/gateway/api/parameters.h"
#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

namespace {

constexpr std::int64_t kFenceMax = INT64_MAX;

Response acted(const Request& request, std::string_view action, const Result<v1::Acted>& result) {
    if (!result) return problem_of(result.error());
    runtime::log_info("document moved", {{"event.action", action},
                                         {"document.id", result->row().id()},
                                         {"document.state", result->row().state()},
                                         {"trace.id", request.trace_id}});
    return json_response(row_json(result->row()));
}

}  // namespace

Response post_acknowledge(const Context& context, const Request& request) {
    Body body(request, {"by", "fence"});
    v1::Acknowledge command;
    command.set_document(request.param("id"));
    command.set_by(request.who.name);
    command.set_fence(static_cast<std::uint64_t>(body.number("fence", 0, kFenceMax)));
    if (body.refusal()) return *body.refusal();
    return context.idempotency.once(request, [&](const std::string& key) {
        return acted(request, "acknowledge", context.desk.acknowledge(command, key));
    });
}

Response post_return(const Context& context, const Request& request) {
    // Why a service sends a document back; OTHER asks for a note.
    static constexpr std::array<std::string_view, 7> kCodes = {
        "WRONG_TYPE", "WRONG_SERVICE", "WRONG_CAISSE", "UNREADABLE", "INCOMPLETE", "DUPLICATE", "OTHER"};
    Body body(request, {"by", "fence", "code", "note"});
    v1::ReturnToPlatform command;
    command.set_document(request.param("id"));
    command.set_by(request.who.name);
    command.set_fence(static_cast<std::uint64_t>(body.number("fence", 0, kFenceMax)));
    command.set_code(body.text("code", 40));
    command.set_note(body.text("note", 1'000, command.code() == "OTHER"));
    if (body.refusal()) return *body.refusal();
    if (std::ranges::find(kCodes, command.code()) == kCodes.end()) {
        return problem_at(
            400, "BODY_INVALID", "/code",
            "Motifs admis: WRONG_TYPE, WRONG_SERVICE, WRONG_CAISSE, UNREADABLE, INCOMPLETE, DUPLICATE, OTHER.");
    }
    return context.idempotency.once(request, [&](const std::string& key) {
        return acted(request, "return", context.desk.give_back(command, key));
    });
}

Response post_release(const Context& context, const Request& request) {
    Body body(request, {"by", "fence"});
    v1::Release command;
    command.set_document(request.param("id"));
    command.set_by(request.who.name);
    command.set_fence(static_cast<std::uint64_t>(body.number("fence", 0, kFenceMax)));
    if (body.refusal()) return *body.refusal();
    return context.idempotency.once(
        request, [&](const std::string& key) { return acted(request, "release", context.desk.release(command, key)); });
}

}  // namespace pleiade::gateway
