#include <charconv>

#include "services/gateway/api/events.h"
#include "services/gateway/api/handlers.h"
#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

Response get_events(const Context& context, const Request& request) {
    // The header is what a browser sends by itself; the parameter is for its first connection, and for programs.
    std::string text(request.header("last-event-id"));
    if (text.empty()) text = request.query_value("after").value_or("");
    std::optional<std::int64_t> after;
    if (!text.empty()) {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size() || value < 0) {
            return problem_at(400, "PARAMETER_INVALID", "Last-Event-ID", "Un numéro d'événement est attendu.");
        }
        after = value;
    }
    Response response;
    response.content_type = "text/event-stream";
    response.headers.emplace_back("X-Accel-Buffering", "no");
    response.stream = [&feed = context.feed, after](std::shared_ptr<StreamSink> sink) {
        sink->send("retry: 3000\n\n");
        feed.subscribe(std::move(sink), after);
    };
    return response;
}

}  // namespace pleiade::gateway
