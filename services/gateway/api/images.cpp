// Page images of a pli, named by the digest of their file, and the text of a rectangle of one.
#include <algorithm>
#include <charconv>

#include "common/runtime/log.h"
#include "services/gateway/access/gatekeeper.h"
#include "services/gateway/api/body.h"
#include "services/gateway/api/handlers.h"
#include "services/gateway/api/parameters.h"
#include "services/gateway/http/problem.h"
#include "services/gateway/visibility.h"

namespace pleiade::gateway {

namespace {

constexpr std::size_t kDigestDigits = 64;
constexpr std::size_t kPliIdDigits = 32;
// As long as a working day: what is named by its digest never changes.
constexpr const char* kCachedFor = "private, max-age=28800, immutable";

const v1::PageRef* page_of(const v1::PliView& view, const std::string& sha256, int index) {
    for (const auto& ref : view.page_refs()) {
        if (ref.index() == index && ref.file() >= 0 && ref.file() < view.files_size() &&
            view.files(ref.file()).sha256() == sha256) {
            return &ref;
        }
    }
    return nullptr;
}

// In the journal before a byte leaves.
std::optional<Response> note_view(const Context& context, const Request& request, const v1::PliView& view, int page,
                                  const std::string& what) {
    v1::PageView seen;
    seen.set_by(request.who.name);
    seen.set_pli_id(view.id());
    seen.add_pages(page);
    seen.set_what(what);
    const auto noted = context.access.views.note(std::move(seen));
    return noted ? std::nullopt : std::optional(problem_of(noted.error()));
}

void log_view(const Request& request, std::string_view what, const std::string& pli, int page, bool medical) {
    runtime::log_info("content viewed", {{"event.action", what},
                                         {"pli.id", pli},
                                         {"page", static_cast<std::int64_t>(page)},
                                         {"secrecy", medical ? "medical" : "normal"},
                                         {"trace.id", request.trace_id}});
}

}  // namespace

Response get_image(const Context& context, const Request& request) {
    Parameters parameters(request);
    const std::string size = parameters.word("size", 20);
    if (parameters.refusal()) return *parameters.refusal();
    if (!size.empty() && size != "thumbnail" && size != "full") {
        return problem_at(400, "PARAMETER_INVALID", "size", "thumbnail ou full est attendu.");
    }
    const std::string& name = request.param("image");
    int index = -1;
    if (name.size() > kDigestDigits + 1 && name[kDigestDigits] == '-') {
        std::from_chars(name.data() + kDigestDigits + 1, name.data() + name.size(), index);
    }
    const auto view = context.desk.pli(request.param("id"));
    if (!view) return problem_of(view.error());
    const auto* ref = index < 0 ? nullptr : page_of(*view, name.substr(0, kDigestDigits), index);
    if (ref == nullptr) return problem(404, "PAGE_NOT_IN_PLI", "Ce pli n'a pas cette image.");

    const bool medical = is_medical(*view, ref->page());
    const std::string tag = "\"" + name + (size.empty() ? "" : "-" + size) + "\"";
    if (auto refused = note_view(context, request, *view, ref->page(), "image")) return *refused;
    Response response;
    if (!medical) {
        response.headers.emplace_back("Cache-Control", kCachedFor);
        response.headers.emplace_back("ETag", tag);
        response.headers.emplace_back("Vary", "Cookie");
        if (request.header("if-none-match") == tag) {
            response.status = 304;
            response.content_type.clear();
            return response;
        }
    }
    PageImageRequest image;
    image.pli = PliId(view->id());
    image.sha256 = name.substr(0, kDigestDigits);
    image.index = index;
    image.thumbnail = size == "thumbnail";
    image.full = size == "full";
    auto encoded = context.images.encode(image);
    if (!encoded) return problem_of(encoded.error());
    log_view(request, "page-image", view->id(), ref->page(), medical);
    response.content_type = std::move(encoded->media_type);
    response.body = std::move(encoded->bytes);
    return response;
}

Response post_ocr(const Context& context, const Request& request) {
    Body body(request, {"by", "box", "rotation", "expect"});
    const auto box = body.numbers("box", 4, 0, 100'000);
    const auto rotation = static_cast<int>(body.number("rotation", 0, 270, 0));
    const std::string expect = body.text("expect", 10, false);
    if (box.size() != 4 || box[2] < 4 || box[3] < 4) body.refuse("box", "Un rectangle d'au moins 4 pixels de côté.");
    if (rotation % 90 != 0) body.refuse("rotation", "0, 90, 180 ou 270 est attendu.");
    if (!expect.empty() && expect != "text" && expect != "digits") body.refuse("expect", "text ou digits est attendu.");
    if (body.refusal()) return *body.refusal();
    const int number = std::stoi(request.param("page"));
    const auto view = context.desk.pli(request.param("id"));
    if (!view) return problem_of(view.error());
    const auto ref = std::ranges::find(view->page_refs(), number, &v1::PageRef::page);
    if (ref == view->page_refs().end() || ref->file() < 0 || ref->file() >= view->files_size()) {
        return problem(404, "PAGE_NOT_IN_PLI", "Ce pli n'a pas de page " + std::to_string(number) + ".");
    }
    RectangleRequest rectangle;
    rectangle.pli = PliId(view->id());
    rectangle.sha256 = view->files(ref->file()).sha256();
    rectangle.index = ref->index();
    rectangle.box = {box[0], box[1], box[2], box[3]};
    rectangle.rotation = rotation;
    rectangle.digits = expect == "digits";
    if (context.texts == nullptr) return problem_of({ErrorKind::Unavailable, "OCR_UNAVAILABLE", ""});
    if (auto refused = note_view(context, request, *view, number, "text")) return *refused;
    const auto text = context.texts->read(rectangle);
    if (!text) return problem_of(text.error());
    log_view(request, "ocr", view->id(), number, is_medical(*view, number));
    return json_response(boost::json::object{{"text", text->text}, {"confidence", text->confidence}});
}

}  // namespace pleiade::gateway
