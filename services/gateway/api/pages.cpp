// Content for a recipient: the PDF and the page images. Each view is logged, with identifiers only.
#include <algorithm>

#include "common/runtime/log.h"
#include "services/gateway/access/gatekeeper.h"
#include "services/gateway/api/find.h"
#include "services/gateway/api/handlers.h"
#include "services/gateway/api/parameters.h"
#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

namespace {

const v1::PageRef* ref_of(const v1::DocumentView& view, int page) {
    const auto& refs = view.page_refs();
    const auto found = std::ranges::find(refs, page, &v1::PageRef::page);
    return found == refs.end() ? nullptr : &*found;
}

int rotation_of(const v1::DocumentView& view, int page) {
    const auto& pages = view.reading().pages();
    const auto found = std::ranges::find(pages, page, &v1::PageReading::page);
    return found == pages.end() ? 0 : found->rotation();
}

void log_view(const Request& request, std::string_view what, const v1::DocumentView& view, const std::string& recipient,
              int page) {
    runtime::log_info("content viewed", {{"event.action", what},
                                         {"document.id", view.row().id()},
                                         {"pli.id", view.row().pli_id()},
                                         {"recipient", recipient},
                                         {"page", static_cast<std::int64_t>(page)},
                                         {"secrecy", view.row().secrecy()},
                                         {"trace.id", request.trace_id}});
}

// In the journal before a byte leaves.
std::optional<Response> note_view(const Context& context, const Request& request, const v1::DocumentView& view,
                                  const std::vector<int>& pages, const std::string& what,
                                  const std::string& recipient) {
    v1::PageView seen;
    seen.set_by(request.who.name);
    seen.set_pli_id(view.row().pli_id());
    seen.set_document(view.document().id());
    for (const int page : pages) seen.add_pages(page);
    seen.set_what(what);
    seen.set_recipient(recipient);
    const auto noted = context.access.views.note(std::move(seen));
    return noted ? std::nullopt : std::optional(problem_of(noted.error()));
}

Response page_image(const Context& context, const Request& request, ImageFormat format) {
    Parameters parameters(request);
    const std::string width = parameters.word("width", 20);
    if (parameters.refusal()) return *parameters.refusal();
    if (!width.empty() && width != "thumbnail") {
        return problem_at(400, "PARAMETER_INVALID", "width", "Seule la valeur «thumbnail» est admise.");
    }
    const int number = std::stoi(request.param("page"));

    // With a recipient, its rights; without, the platform's own view (access/rights.cpp says whose).
    v1::DocumentView view;
    std::string recipient = "platform";
    if (request.query_value("recipient")) {
        auto found = find_for_recipient(context, request);
        if (found.refusal) return *found.refusal;
        if (std::ranges::find(found.pages, number) == found.pages.end()) {
            return problem(403, "PAGE_NOT_FOR_RECIPIENT",
                           "Cette page n'est pas destinée à ce service (secret médical ou autre destinataire).");
        }
        recipient = found.recipient.caisse + "-" + found.recipient.service;
        view = std::move(found.view);
    } else {
        auto asked = context.desk.document(request.param("id"));
        if (!asked) return problem_of(asked.error());
        view = std::move(*asked);
    }
    const auto& own = view.document().pages();
    const auto* ref = ref_of(view, number);
    if (std::ranges::find(own, number) == own.end() || ref == nullptr || ref->file() < 0 ||
        ref->file() >= view.files_size()) {
        return problem(404, "PAGE_NOT_IN_DOCUMENT", "Ce document n'a pas de page " + std::to_string(number) + ".");
    }

    PageImageRequest image;
    image.pli = PliId(view.row().pli_id());
    image.sha256 = view.files(ref->file()).sha256();
    image.index = ref->index();
    image.format = format;
    image.thumbnail = width == "thumbnail";
    if (auto refused = note_view(context, request, view, {number}, "image", recipient == "platform" ? "" : recipient)) {
        return *refused;
    }
    auto encoded = context.images.encode(image);
    if (!encoded) return problem_of(encoded.error());
    log_view(request, "page-image", view, recipient, number);
    Response response;
    response.content_type = std::move(encoded->media_type);
    response.body = std::move(encoded->bytes);
    return response;
}

}  // namespace

Response get_page(const Context& context, const Request& request) {
    return page_image(context, request, ImageFormat::Best);
}

Response get_page_png(const Context& context, const Request& request) {
    return page_image(context, request, ImageFormat::Png);
}

Response get_page_jpg(const Context& context, const Request& request) {
    return page_image(context, request, ImageFormat::Jpeg);
}

Response get_document_pdf(const Context& context, const Request& request) {
    const auto found = find_for_recipient(context, request);
    if (found.refusal) return *found.refusal;
    if (found.pages.empty()) {
        return problem(403, "PAGE_NOT_FOR_RECIPIENT",
                       "Aucune page de ce document n'est destinée à ce service: il en reçoit l'index seul.");
    }
    std::vector<BoundPage> pages;
    for (const int number : found.pages) {
        const auto* ref = ref_of(found.view, number);
        if (ref == nullptr || ref->file() < 0 || ref->file() >= found.view.files_size()) {
            return problem(404, "PAGE_NOT_IN_DOCUMENT", "La page " + std::to_string(number) + " n'a pas de fichier.");
        }
        pages.push_back({found.view.files(ref->file()).sha256(), ref->index(), rotation_of(found.view, number)});
    }
    const auto& id = found.view.row().id();
    if (auto refused = note_view(context, request, found.view, found.pages, "pdf",
                                 found.recipient.caisse + "-" + found.recipient.service)) {
        return *refused;
    }
    auto pdf = context.binder.bind(PliId(found.view.row().pli_id()), pages, id);
    if (!pdf) return problem_of(pdf.error());
    log_view(request, "pdf", found.view, found.recipient.caisse + "-" + found.recipient.service, 0);
    Response response;
    response.content_type = "application/pdf";
    response.headers.emplace_back("Content-Disposition", "inline; filename=\"" + id + ".pdf\"");
    response.body = std::move(*pdf);
    return response;
}

}  // namespace pleiade::gateway
