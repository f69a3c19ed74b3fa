#include "services/gateway/access/rights.h"

#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <set>

#include "services/gateway/http/problem.h"
#include "services/gateway/reference.h"
#include "services/gateway/visibility.h"

namespace pleiade::gateway {

namespace {

// --- the table: routes ----------------------------------------------------------------------------------------------

using enum Family;
using O = Object;

constexpr std::array kRouteRights = {
    RouteRight{"GET", "/", Open, O::None, false},
    RouteRight{"GET", "/web/{asset}", Open, O::None, false},
    RouteRight{"GET", "/healthz", Open, O::None, false},
    RouteRight{"GET", "/readyz", Open, O::None, false},
    RouteRight{"GET", "/api/v1/openapi.json", Open, O::None, false},
    RouteRight{"GET", "/api/v1/session", Open, O::None, false},
    RouteRight{"POST", "/api/v1/session", Open, O::None, false, true},
    RouteRight{"POST", "/api/v1/oidc:start", Open, O::None, false, true},
    RouteRight{"GET", "/api/v1/oidc/callback", Open, O::None, false},
    RouteRight{"POST", "/api/v1/session:renew", Self},
    RouteRight{"POST", "/api/v1/session:confirm", Self},
    RouteRight{"POST", "/api/v1/session:end", Self},
    RouteRight{"PUT", "/api/v1/session/password", Self},
    RouteRight{"GET", "/api/v1/reference", Words},
    RouteRight{"POST", "/api/v1/fields:check", Words},
    RouteRight{"GET", "/metrics", Metrics, O::None, false},
    // the chain
    RouteRight{"GET", "/api/v1/status", Figures, O::None, false},
    RouteRight{"GET", "/api/v1/queues", Figures, O::None, false},
    RouteRight{"GET", "/api/v1/figures", Figures, O::None, false},
    RouteRight{"GET", "/api/v1/events", Figures, O::None, false},
    RouteRight{"GET", "/api/v1/rejections", Flow},
    RouteRight{"GET", "/api/v1/lots", Flow},
    RouteRight{"GET", "/api/v1/aside", Flow},
    RouteRight{"GET", "/api/v1/workers", Workers, O::None, false},
    RouteRight{"GET", "/api/v1/journal", Journal},
    // plis and documents
    RouteRight{"GET", "/api/v1/documents", Mail},
    RouteRight{"POST", "/api/v1/search", Mail, O::Search},
    RouteRight{"GET", "/api/v1/plis/{id}/story", Story, O::Pli},
    RouteRight{"GET", "/api/v1/documents/{id}", Content, O::Document},
    RouteRight{"GET", "/api/v1/plis/{id}", Content, O::Pli},
    RouteRight{"GET", "/api/v1/plis/{id}/images/{image}", Content, O::PliImage},
    RouteRight{"POST", "/api/v1/plis/{id}/pages/{page}:ocr", Content, O::PliPage},
    RouteRight{"GET", "/api/v1/documents/{id}/pages/{page}", Content, O::DocumentPage},
    RouteRight{"GET", "/api/v1/documents/{id}/pages/{page}.png", Content, O::DocumentPage},
    RouteRight{"GET", "/api/v1/documents/{id}/pages/{page}.jpg", Content, O::DocumentPage},
    // for their recipient
    RouteRight{"GET", "/api/v1/documents/{id}/index.json", Delivered, O::Recipient},
    RouteRight{"GET", "/api/v1/documents/{id}.pdf", Delivered, O::Recipient},
    RouteRight{"GET", "/api/v1/queues/{caisse}/{service}/documents", QueueList, O::Queue},
    RouteRight{"POST", "/api/v1/queues/{caisse}/{service}:take", Queue, O::Queue},
    RouteRight{"POST", "/api/v1/documents/{id}:acknowledge", Queue, O::Document},
    RouteRight{"POST", "/api/v1/documents/{id}:return", Queue, O::Document},
    RouteRight{"POST", "/api/v1/documents/{id}:release", Queue, O::Document},
    RouteRight{"POST", "/api/v1/documents/{id}:answer-recall", Queue, O::QueueInBody},
    RouteRight{"GET", "/api/v1/recalls", Recalls, O::QueueAsked},
    RouteRight{"POST", "/api/v1/documents/{id}:recall", Recall, O::Document},
    // keying
    RouteRight{"GET", "/api/v1/keying", Keying, O::None, false},
    RouteRight{"POST", "/api/v1/keying:next", Keying, O::None, false},  // asked again by itself when there is nothing
    RouteRight{"POST", "/api/v1/keying:undo", Keying},
    RouteRight{"POST", "/api/v1/keying/{id}:open", Keying, O::Work},
    RouteRight{"PUT", "/api/v1/keying/{id}/lease", Keying, O::Work, false},
    RouteRight{"PUT", "/api/v1/keying/{id}/draft", Keying, O::Work},
    RouteRight{"POST", "/api/v1/keying/{id}:validate", Keying, O::Work},
    RouteRight{"POST", "/api/v1/keying/{id}:hold", Keying, O::Work},
    RouteRight{"POST", "/api/v1/keying/{id}:send", Keying, O::Work},
    RouteRight{"POST", "/api/v1/keying/{id}:release", Keying, O::Work},
    RouteRight{"POST", "/api/v1/recovery/{verb}", Recovery, O::WorkInBody},
    // people
    RouteRight{"GET", "/api/v1/accounts", Accounts},
    RouteRight{"POST", "/api/v1/accounts", Accounts, O::None, true, false, true},
    RouteRight{"PUT", "/api/v1/accounts/{account}", Accounts, O::None, true, false, true},
    RouteRight{"POST", "/api/v1/accounts/{account}:state", Accounts, O::None, true, false, true},
    RouteRight{"POST", "/api/v1/accounts/{account}:password", Accounts, O::None, true, false, true},
    RouteRight{"GET", "/api/v1/keys", Accounts},
    RouteRight{"POST", "/api/v1/keys", Accounts, O::None, true, false, true},
    RouteRight{"POST", "/api/v1/keys/{account}:revoke", Accounts, O::None, true, false, true},
};

// --- the table: roles -----------------------------------------------------------------------------------------------

enum class Scope {
    Anything,
    Site,     // mail of the account's caisses
    Service,  // of its services
};

struct Grant {
    Role role;
    Family family;
    Scope scope;
};

constexpr std::array kGrants = {
    Grant{Role::ThisMachine, Metrics, Scope::Anything},
    Grant{Role::ScanOperator, Figures, Scope::Anything},
    Grant{Role::ScanOperator, Flow, Scope::Site},
    Grant{Role::ScanOperator, Mail, Scope::Site},
    Grant{Role::ScanOperator, QueueList, Scope::Site},
    Grant{Role::ScanOperator, Story, Scope::Site},
    Grant{Role::Keyer, Figures, Scope::Anything},
    Grant{Role::Keyer, Mail, Scope::Site},
    Grant{Role::Keyer, QueueList, Scope::Site},
    Grant{Role::Keyer, Story, Scope::Site},
    Grant{Role::Keyer, PersonSearch, Scope::Site},
    Grant{Role::Keyer, Content, Scope::Site},
    Grant{Role::Keyer, Keying, Scope::Site},
    Grant{Role::Keyer, Recall, Scope::Site},
    Grant{Role::Supervisor, Figures, Scope::Anything},
    Grant{Role::Supervisor, Flow, Scope::Site},
    Grant{Role::Supervisor, Workers, Scope::Anything},
    Grant{Role::Supervisor, Mail, Scope::Site},
    Grant{Role::Supervisor, QueueList, Scope::Site},
    Grant{Role::Supervisor, Story, Scope::Site},
    Grant{Role::Supervisor, PersonSearch, Scope::Site},
    Grant{Role::Supervisor, Content, Scope::Site},
    Grant{Role::Supervisor, Delivered, Scope::Site},
    Grant{Role::Supervisor, Recall, Scope::Site},
    Grant{Role::Supervisor, Recalls, Scope::Site},
    Grant{Role::Supervisor, Recovery, Scope::Site},
    Grant{Role::ServiceAgent, Figures, Scope::Anything},
    Grant{Role::ServiceAgent, QueueList, Scope::Service},
    Grant{Role::ServiceAgent, Queue, Scope::Service},
    Grant{Role::ServiceAgent, Recalls, Scope::Service},
    Grant{Role::ServiceAgent, Delivered, Scope::Service},
    Grant{Role::ServiceMachine, Figures, Scope::Anything},
    Grant{Role::ServiceMachine, QueueList, Scope::Service},
    Grant{Role::ServiceMachine, Queue, Scope::Service},
    Grant{Role::ServiceMachine, Recalls, Scope::Service},
    Grant{Role::ServiceMachine, Delivered, Scope::Service},
    Grant{Role::Auditor, Figures, Scope::Anything},
    Grant{Role::Auditor, Journal, Scope::Anything},
    Grant{Role::Auditor, Story, Scope::Anything},
    Grant{Role::TechnicalAdmin, Figures, Scope::Anything},
    Grant{Role::TechnicalAdmin, Workers, Scope::Anything},
    Grant{Role::TechnicalAdmin, Metrics, Scope::Anything},
    Grant{Role::TechnicalAdmin, Accounts, Scope::Anything},
};

// --- what is known of the object ------------------------------------------------------------------------------------

constexpr std::size_t kPliIdDigits = 32;
constexpr std::size_t kDigestDigits = 64;

struct Facts {
    std::set<std::string> caisses;   // it was addressed to, or is processed by
    std::set<std::string> services;  // its recipients: "595-IJ"
    bool medical = true;
};

std::string body_text(const Request& request, std::string_view key) {
    boost::json::error_code error;
    const auto body = boost::json::parse(request.body, error);
    if (error || !body.is_object()) return {};
    const auto* value = body.as_object().if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::vector<std::string> body_ids(const Request& request) {
    boost::json::error_code error;
    const auto body = boost::json::parse(request.body, error);
    std::vector<std::string> ids;
    if (error || !body.is_object()) return ids;
    const auto* value = body.as_object().if_contains("ids");
    if (value == nullptr || !value->is_array()) return ids;
    for (const auto& one : value->as_array()) {
        if (one.is_string()) ids.emplace_back(one.as_string());
    }
    return ids;
}

Result<Facts> facts_of_document(Desk& desk, const std::string& id) {
    const auto view = desk.document(id);
    if (!view) return pass_on(view);
    Facts facts;
    facts.medical = view->row().secrecy() != "normal";
    facts.caisses = {view->context().caisse(), view->row().caisse()};
    for (const auto& recipient : recipients_of(*view)) {
        facts.caisses.insert(recipient.caisse);
        facts.services.insert(recipient.caisse + "-" + recipient.service);
    }
    return facts;
}

// `page`: one of it; else medical as soon as one of its pages is.
Result<Facts> facts_of_pli(Desk& desk, const std::string& id, const std::function<int(const v1::PliView&)>& page) {
    const auto view = desk.pli(id);
    if (!view) return pass_on(view);
    Facts facts;
    facts.caisses = {view->context().caisse()};
    bool all_normal = view->documents_size() > 0;
    for (const auto& row : view->documents()) {
        facts.caisses.insert(row.caisse());
        all_normal = all_normal && row.secrecy() == "normal";
    }
    facts.medical = page ? is_medical(*view, page(*view)) : !all_normal;
    return facts;
}

int page_of_image(const v1::PliView& view, const std::string& image) {
    int index = -1;
    if (image.size() > kDigestDigits + 1 && image[kDigestDigits] == '-') {
        std::from_chars(image.data() + kDigestDigits + 1, image.data() + image.size(), index);
    }
    for (const auto& ref : view.page_refs()) {
        if (ref.index() == index && ref.file() >= 0 && ref.file() < view.files_size() &&
            view.files(ref.file()).sha256() == image.substr(0, kDigestDigits)) {
            return ref.page();
        }
    }
    return -1;
}

Result<Facts> facts_of(Object object, const Request& request, Desk& desk) {
    switch (object) {
        case O::Document:
        case O::DocumentPage:
        case O::Recipient:
        case O::QueueInBody:
            return facts_of_document(desk, request.param("id"));
        case O::Pli:
            return facts_of_pli(desk, request.param("id"), nullptr);
        case O::PliPage: {
            const int number = std::stoi(request.param("page"));
            return facts_of_pli(desk, request.param("id"), [number](const v1::PliView&) { return number; });
        }
        case O::PliImage: {
            const std::string image = request.param("image");
            return facts_of_pli(desk, request.param("id"),
                                [image](const v1::PliView& view) { return page_of_image(view, image); });
        }
        case O::Work:
            return facts_of_pli(desk, request.param("id").substr(0, kPliIdDigits), nullptr);
        case O::WorkInBody: {
            Facts all;
            bool first = true;
            for (const auto& id : body_ids(request)) {
                auto one = facts_of_pli(desk, id.substr(0, kPliIdDigits), nullptr);
                if (!one) return pass_on(one);
                // Of all of them: what only one of them has does not count.
                if (first) all.caisses = one->caisses;
                std::erase_if(all.caisses, [&](const auto& caisse) { return !one->caisses.contains(caisse); });
                first = false;
            }
            return all;
        }
        case O::None:
        case O::Queue:
        case O::QueueAsked:
        case O::Search:
            break;
    }
    return Facts{};
}

// --- the decision ---------------------------------------------------------------------------------------------------

Response missing_right() {
    return problem(403, "RIGHT_MISSING", "Votre compte n'a pas ce droit; demandez-le à votre responsable.");
}

Response missing_habilitation() {
    return problem_of({ErrorKind::Conflict, "NEEDS_HABILITATION", ""});
}

bool has_object(Object object) {
    return object != O::None && object != O::Search;
}

bool shows_content(Family family) {
    return family == Content || family == Delivered;
}

std::optional<Response> outside_services(const RouteRight& right, Request& request, Desk& desk,
                                         const Reference& reference) {
    const Principal& who = request.who;
    std::string service;
    switch (right.object) {
        case O::Queue:
            service = request.param("caisse") + "-" + request.param("service");
            break;
        case O::QueueAsked:
            service = request.query_value("caisse").value_or("") + "-" + request.query_value("service").value_or("");
            break;
        case O::QueueInBody:
            service = body_text(request, "caisse") + "-" + body_text(request, "service");
            break;
        case O::Recipient:
        case O::DocumentPage:
            if (!request.query_value("recipient") && who.services.size() == 1) {
                request.query.emplace_back("recipient", who.services.front());
            }
            service = request.query_value("recipient").value_or("");
            break;
        case O::Document: {
            const auto facts = facts_of_document(desk, request.param("id"));
            if (!facts) return problem_of(facts.error());
            for (const auto& one : facts->services) {
                if (who.serves(one)) service = one;
            }
            break;
        }
        default:
            break;
    }
    if (!who.serves(service)) return missing_right();
    // The volets of a medical service are medical; another service never receives a medical one (visibility.h).
    if (reference.is_medical_service(service.substr(4)) && !who.medical) return missing_habilitation();
    return std::nullopt;
}

std::optional<Response> outside_site(const RouteRight& right, const Request& request, Desk& desk) {
    const Principal& who = request.who;
    const bool guarded = shows_content(right.family) && !who.medical;
    if (!has_object(right.object) || (who.caisses.empty() && !guarded)) return std::nullopt;
    if (right.object == O::QueueAsked || right.object == O::Queue) {
        const auto caisse =
            right.object == O::Queue ? request.param("caisse") : request.query_value("caisse").value_or("");
        return may_list_caisse(who, caisse) ? std::nullopt : std::optional(missing_right());
    }
    const auto facts = facts_of(right.object, request, desk);
    if (!facts) return problem_of(facts.error());
    if (!who.caisses.empty() &&
        std::ranges::none_of(who.caisses, [&](const auto& one) { return facts->caisses.contains(one); })) {
        return missing_right();
    }
    if (guarded && facts->medical) return missing_habilitation();
    return std::nullopt;
}

Family family_of(const RouteRight& right, const Request& request) {
    if (right.object == O::Search && !body_text(request, "nir").empty()) return PersonSearch;
    // What a recipient may see is told by its route; the platform's own view is content.
    if (right.object == O::DocumentPage && (request.query_value("recipient") || request.who.is(Role::ServiceAgent) ||
                                            request.who.is(Role::ServiceMachine))) {
        return Delivered;
    }
    return right.family;
}

}  // namespace

std::span<const RouteRight> route_rights() {
    return kRouteRights;
}

const RouteRight* right_of(std::string_view method, std::string_view pattern) {
    const auto found = std::ranges::find_if(
        kRouteRights, [&](const RouteRight& one) { return one.method == method && one.pattern == pattern; });
    return found == kRouteRights.end() ? nullptr : &*found;
}

std::optional<Response> refuse_by_rights(const RouteRight& right, Request& request, Desk& desk,
                                         const Reference& reference) {
    const Principal& who = request.who;
    if (right.family == Open) return std::nullopt;
    const Family family = family_of(right, request);
    const bool anonymous = !who.known() && !(family == Family::Metrics && who.is(Role::ThisMachine));
    if (anonymous) {
        return problem(401, "NOT_SIGNED_IN",
                       "Connectez-vous, ou donnez la clé de votre service (Authorization: Bearer).");
    }
    if (family == Self) return who.session_hash.empty() ? std::optional(missing_right()) : std::nullopt;
    if (who.must_change_password) {
        return problem(403, "PASSWORD_CHANGE_REQUIRED", "Choisissez d'abord votre mot de passe.");
    }
    if (family == Words) return std::nullopt;
    std::optional<Response> refusal = missing_right();
    RouteRight of_family = right;
    of_family.family = family;
    for (const Grant& grant : kGrants) {
        if (grant.family != family || !who.is(grant.role)) continue;
        switch (grant.scope) {
            case Scope::Anything:
                refusal.reset();
                break;
            case Scope::Site:
                refusal = outside_site(of_family, request, desk);
                break;
            case Scope::Service:
                refusal = outside_services(of_family, request, desk, reference);
                break;
        }
        if (!refusal) break;
    }
    if (!refusal && right.recent_sign_in && !who.recently_authenticated) {
        return problem(403, "REAUTHENTICATION_REQUIRED", "Redonnez votre mot de passe, puis recommencez.");
    }
    return refusal;
}

bool may_list_caisse(const Principal& who, std::string_view caisse) {
    return who.caisses.empty() || std::ranges::find(who.caisses, caisse) != who.caisses.end();
}

bool may_list(const Principal& who, const v1::DocumentRow& row) {
    if (who.is(Role::ServiceMachine) || (who.is(Role::ServiceAgent) && who.roles.size() == 1)) {
        return who.serves(row.caisse() + "-" + row.service());
    }
    return row.caisse().empty() || may_list_caisse(who, row.caisse());
}

std::vector<std::string_view> screens_of(const Principal& who) {
    static constexpr std::array<std::pair<std::string_view, Family>, 7> kScreens = {{{"pilotage", Figures},
                                                                                     {"codage", Keying},
                                                                                     {"recherche", Mail},
                                                                                     {"corbeilles", Queue},
                                                                                     {"anomalies", Flow},
                                                                                     {"comptes", Accounts},
                                                                                     {"journal", Journal}}};
    std::vector<std::string_view> screens;
    for (const auto& [screen, family] : kScreens) {
        const bool granted = std::ranges::any_of(
            kGrants, [&, wanted = family](const Grant& grant) { return grant.family == wanted && who.is(grant.role); });
        if (granted) screens.push_back(screen);
    }
    return screens;
}

}  // namespace pleiade::gateway
