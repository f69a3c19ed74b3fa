// What the keyer settled, from JSON to the hub's message; the hub judges it.
#include "common/domain/field_check.h"
#include "common/runtime/log.h"
#include "services/gateway/api/body.h"
#include "services/gateway/api/handlers.h"
#include "services/gateway/api/idempotency.h"
#include "services/gateway/api/json.h"
#include "services/gateway/api/keying_json.h"
#include "services/gateway/api/parameters.h"
#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

namespace {

constexpr std::size_t kDocumentsMax = 200;
constexpr std::size_t kPagesMax = 2'000;
constexpr std::size_t kFieldsMax = 60;
constexpr std::size_t kValueBytesMax = 100;
constexpr std::int64_t kPageMax = 99'999;
constexpr std::int64_t kNumberMax = 1'000'000;

void read_page(const BodyPart& part, v1::KeyedPage& page) {
    page.set_page(static_cast<int>(part.number("page", 0, kPageMax)));
    page.set_kind(part.text("kind", 20));
    if (part.has("rotation")) page.set_rotation(static_cast<int>(part.number("rotation", 0, 270)));
}

void read_field(const BodyPart& part, v1::KeyedField& field) {
    field.set_name(part.text("name", 40));
    field.set_state(part.text("state", 20, false));
    if (field.state().empty()) field.set_state("keyed");
    field.set_value(part.text("value", kValueBytesMax, field.state() == "keyed"));
    field.set_keep_despite_check(part.boolean("keep_despite_check"));
    field.set_page(static_cast<int>(part.number("page", 0, kPageMax, 0)));
    const auto box = part.numbers("box", 4, 0, 100'000);
    if (box.size() == 4) {
        field.mutable_box()->set_x(box[0]);
        field.mutable_box()->set_y(box[1]);
        field.mutable_box()->set_width(box[2]);
        field.mutable_box()->set_height(box[3]);
    } else if (!box.empty()) {
        part.refuse("box", "x, y, largeur et hauteur sont attendus.");
    }
}

void read_document(const BodyPart& part, v1::KeyedDocument& document) {
    document.set_number(static_cast<int>(part.number("number", -kNumberMax, kNumberMax)));
    document.set_type(part.text("type", 40));
    if (part.has("attached_to")) {
        document.set_attached_to(static_cast<int>(part.number("attached_to", -kNumberMax, kNumberMax)));
    }
    for (const int page : part.numbers("pages", kPagesMax, 0, kPageMax)) document.add_pages(page);
    document.set_volets_said(part.has("volets"));
    for (const auto& [page, volet] : part.number_dictionary("volets", kPagesMax)) {
        if (page.empty() || page.size() > 5 || page.find_first_not_of("0123456789") != std::string::npos) {
            part.refuse("volets", "Les clés sont des numéros de page.");
            return;
        }
        v1::Volet& said = *document.add_volets();
        said.set_page(std::stoi(page));
        said.set_volet(volet);
    }
    document.set_affiliation(part.text("affiliation", 20, false));
    document.set_skip_doubts(part.boolean("skip_doubts"));
    for (const auto& field :
         part.parts("fields", kFieldsMax, {"name", "state", "value", "keep_despite_check", "page", "box"})) {
        read_field(field, *document.add_fields());
    }
}

// All that is wrong at once, so that the keyer sees each field that she must look at.
Response problems_response(const v1::KeyingValidated& validated) {
    bool checks_only = true;
    for (const auto& one : validated.problems()) checks_only = checks_only && one.code() == "KEYED_CHECK_FAILED";
    Response response = checks_only ? problem(422, "KEYED_CHECK_FAILED",
                                              "Une valeur échoue à son contrôle: corrigez-la, ou gardez-la malgré le "
                                              "contrôle (keep_despite_check).")
                                    : problem(422, "KEYING_INVALID", "Corrigez ce qui est signalé, puis validez.");
    for (const auto& one : validated.problems()) {
        response.problem->errors.push_back({one.pointer(), one.message(), one.code()});
    }
    return response;
}

}  // namespace

Response post_validate(const Context& context, const Request& request) {
    Body body(request, {"by", "fence", "pages", "documents"});
    v1::ValidateKeying command;
    command.set_id(request.param("id"));
    command.set_by(request.who.name);
    command.set_fence(static_cast<std::uint64_t>(body.number("fence", 1, INT64_MAX)));
    for (const auto& page : body.parts("pages", kPagesMax, {"page", "kind", "rotation"})) {
        read_page(page, *command.add_pages());
    }
    if (!body.has("documents")) body.refuse("documents", "La liste des documents est attendue, même vide.");
    for (const auto& document :
         body.parts("documents", kDocumentsMax,
                    {"number", "type", "attached_to", "pages", "volets", "affiliation", "fields", "skip_doubts"})) {
        read_document(document, *command.add_documents());
    }
    if (body.refusal()) return *body.refusal();
    return context.idempotency.once(request, [&](const std::string& key) {
        const auto validated = context.desk.ask<v1::KeyingValidated>(command, key);
        if (!validated) return problem_of(validated.error());
        if (!validated->problems().empty()) return problems_response(*validated);
        runtime::log_info(
            "keying",
            {{"event.action", "validate"}, {"pleiade.lease", request.param("id")}, {"trace.id", request.trace_id}});
        boost::json::array superseded;
        for (const auto& id : validated->superseded()) superseded.push_back(boost::json::string(id));
        return json_response(boost::json::object{{"documents", rows_json(validated->documents())},
                                                 {"superseded", std::move(superseded)},
                                                 {"undo", validated->undo()}});
    });
}

// By the domain's own rules; nothing is kept, nothing is logged.
Response post_check_fields(const Context&, const Request& request) {
    Body body(request, {"fields"});
    boost::json::array checked;
    for (const auto& field : body.parts("fields", 50, {"name", "value"})) {
        const std::string name = field.text("name", 40);
        const FieldCheck check = check_field(name, field.text("value", kValueBytesMax, false));
        boost::json::object one{{"name", name}, {"status", std::string(to_word(check.status))}, {"value", check.value}};
        if (!check.why_fr.empty()) one["detail"] = check.why_fr;
        checked.push_back(std::move(one));
    }
    if (body.refusal()) return *body.refusal();
    return json_response(boost::json::object{{"fields", std::move(checked)}});
}

}  // namespace pleiade::gateway
