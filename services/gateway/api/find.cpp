#include "services/gateway/api/find.h"

#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

Found find_for_recipient(const Context& context, const Request& request) {
    Found found;
    const auto text = request.query_value("recipient");
    const auto recipient = text ? recipient_from(*text) : std::nullopt;
    if (!recipient) {
        found.refusal = problem_at(400, "RECIPIENT_MISSING", "recipient",
                                   "Dites pour qui: ?recipient=CAISSE-SERVICE, par exemple ?recipient=595-IJ.");
        return found;
    }
    auto view = context.desk.document(request.param("id"));
    if (!view) {
        found.refusal = problem_of(view.error());
        return found;
    }
    auto pages = pages_for(*view, *recipient);
    if (!pages) {
        found.refusal = problem(403, "NOT_A_RECIPIENT",
                                "Ce document n'est pas adressé à " + *text + ", ou n'est pas encore dans sa file.");
        return found;
    }
    found.view = std::move(*view);
    found.recipient = *recipient;
    found.pages = std::move(*pages);
    return found;
}

}  // namespace pleiade::gateway
