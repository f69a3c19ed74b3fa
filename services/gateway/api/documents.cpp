#include <algorithm>

#include "common/wire/contract_json.h"
#include "common/wire/convert.h"
#include "services/gateway/api/find.h"
#include "services/gateway/api/handlers.h"
#include "services/gateway/api/json.h"
#include "services/gateway/api/list.h"
#include "services/gateway/api/parameters.h"
#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

namespace {

boost::json::object contract_of(const v1::DocumentView& view) {
    if (!view.has_decision()) return wire::document_json(wire::from_proto(view.document()), nullptr);
    const auto decision = wire::from_proto(view.decision());
    return wire::document_json(wire::from_proto(view.document()), &decision);
}

// The pages of the document only; `visible` limits them further.
boost::json::array pages_of(const v1::DocumentView& view, const std::vector<int>* visible, const std::string& suffix) {
    boost::json::array pages;
    const auto reading = wire::from_proto(view.reading());
    for (const int number : view.document().pages()) {
        if (visible != nullptr && std::ranges::find(*visible, number) == visible->end()) continue;
        const auto found = std::ranges::find(reading.pages, number, &PageReading::page);
        boost::json::object page =
            found == reading.pages.end() ? boost::json::object{{"page", number}} : wire::page_json(*found);
        if (found != reading.pages.end()) {
            page["width"] = found->width;
            page["height"] = found->height;
        }
        page["image"] = "/api/v1/documents/" + view.row().id() + "/pages/" + std::to_string(number) + suffix;
        pages.push_back(std::move(page));
    }
    return pages;
}

}  // namespace

Response get_documents(const Context& context, const Request& request) {
    return list_documents(context, request, {});
}

Response get_document(const Context& context, const Request& request) {
    const auto view = context.desk.document(request.param("id"));
    if (!view) return problem_of(view.error());
    boost::json::object out = row_json(view->row());
    out["context"] = context_json(view->context());
    out["document"] = contract_of(*view);
    out["pages"] = pages_of(*view, nullptr, "");
    boost::json::array recipients;
    for (const auto& recipient : recipients_of(*view)) {
        recipients.push_back({{"caisse", recipient.caisse}, {"service", recipient.service}});
    }
    out["recipients"] = std::move(recipients);
    boost::json::array reasons;
    for (const auto& reason : view->document().reasons()) {
        boost::json::object one{{"text", reason.text()}};
        if (reason.page() > 0) {
            one["page"] = reason.page();
            one["box"] = {reason.box().x(), reason.box().y(), reason.box().width(), reason.box().height()};
        }
        reasons.push_back(std::move(one));
    }
    out["evidence"] = std::move(reasons);
    boost::json::array history;
    for (const auto& event : view->history()) history.push_back(event_json(event, EventDetail::Full));
    out["history"] = std::move(history);
    boost::json::array siblings;
    for (const auto& sibling : view->siblings()) siblings.push_back(row_json(sibling));
    out["siblings"] = std::move(siblings);
    return json_response(out);
}

Response get_document_index(const Context& context, const Request& request) {
    const auto found = find_for_recipient(context, request);
    if (found.refusal) return *found.refusal;
    const auto& view = found.view;
    const std::string recipient = found.recipient.caisse + "-" + found.recipient.service;
    boost::json::object out{
        {"delivered_to", {{"caisse", found.recipient.caisse}, {"service", found.recipient.service}}},
        {"id", view.row().id()},
        {"state", view.row().state()},
        {"lot", view.row().lot()},
        {"pli", view.row().pli()},
        {"context", context_json(view.context())},
        {"document", contract_of(view)},
        {"pages", pages_of(view, &found.pages, "?recipient=" + recipient)}};
    if (!found.pages.empty()) out["pdf"] = "/api/v1/documents/" + view.row().id() + ".pdf?recipient=" + recipient;
    return json_response(out);
}

}  // namespace pleiade::gateway
