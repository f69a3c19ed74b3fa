#include "services/gateway/routes.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "services/gateway/api/handlers.h"

namespace pleiade::gateway {

namespace {

constexpr std::array kRoutes = {
    // the chain and its queues
    Route{"GET", "/api/v1/status", get_status, "Counts per stage and per queue, both conservation equations"},
    Route{"GET", "/api/v1/queues", get_queues, "Every queue with its depth, oldest age and next due date"},
    Route{"GET", "/api/v1/queues/{caisse}/{service}/documents", get_queue_documents, "Documents of one queue"},
    Route{"POST", "/api/v1/queues/{caisse}/{service}:take", post_take, "Takes documents of a queue, under a lease"},
    Route{"GET", "/api/v1/figures", get_figures, "Rates, punctuality, delays and history, for the wall"},
    Route{"GET", "/api/v1/events", get_events, "What happens, live (server-sent events)"},
    Route{"GET", "/api/v1/rejections", get_rejections, "Mail refused before registration"},
    Route{"GET", "/api/v1/workers", get_workers, "Readers and routers, and what they do"},
    // documents
    Route{"GET", "/api/v1/documents", get_documents, "Documents, by filters"},
    Route{"GET", "/api/v1/documents/{id}", get_document, "One document: reading, route, state, history"},
    Route{"GET", "/api/v1/documents/{id}/index.json", get_document_index, "Its index, for a recipient"},
    Route{"GET", "/api/v1/documents/{id}.pdf", get_document_pdf, "Its scans as one PDF, for a recipient"},
    Route{"GET", "/api/v1/documents/{id}/pages/{page}", get_page, "One page image, in the lighter format"},
    Route{"GET", "/api/v1/documents/{id}/pages/{page}.png", get_page_png, "One page image, as PNG, lossless"},
    Route{"GET", "/api/v1/documents/{id}/pages/{page}.jpg", get_page_jpg, "One page image, as JPEG"},
    Route{"POST", "/api/v1/documents/{id}:acknowledge", post_acknowledge, "The service has it: closes the document"},
    Route{"POST", "/api/v1/documents/{id}:return", post_return, "Sends it back to the platform, with a reason"},
    Route{"POST", "/api/v1/documents/{id}:release", post_release, "Puts it back into its queue"},
    Route{"POST", "/api/v1/documents/{id}:recall", post_recall, "Asks back what a service has taken"},
    Route{"POST", "/api/v1/documents/{id}:answer-recall", post_answer_recall, "The service's answer to it"},
    Route{"GET", "/api/v1/plis/{id}", get_pli, "One pli: files, pages, documents, history"},
    Route{"GET", "/api/v1/plis/{id}/story", get_story, "One pli: everything that became of it"},
    Route{"GET", "/api/v1/plis/{id}/images/{image}", get_image, "One page image, by its file's digest"},
    Route{"POST", "/api/v1/plis/{id}/pages/{page}:ocr", post_ocr, "The text of a rectangle of a page"},
    // keying
    Route{"GET", "/api/v1/keying", get_keying_stock, "What waits for a person"},
    Route{"POST", "/api/v1/keying:next", post_next, "The next pli to key, under a lease"},
    Route{"POST", "/api/v1/keying:undo", post_undo_keying, "Takes the last validation back"},
    Route{"POST", "/api/v1/keying/{id}:open", post_open_keying, "This pli or document, under a lease"},
    Route{"PUT", "/api/v1/keying/{id}/lease", put_lease, "Renews a lease"},
    Route{"PUT", "/api/v1/keying/{id}/draft", put_draft, "Keeps what was typed"},
    Route{"POST", "/api/v1/keying/{id}:validate", post_validate, "What the person settled"},
    Route{"POST", "/api/v1/keying/{id}:hold", post_hold_keying, "Puts it on hold, with a reason"},
    Route{"POST", "/api/v1/keying/{id}:send", post_send_keying, "Sends it to a colleague or a skill"},
    Route{"POST", "/api/v1/keying/{id}:release", post_release_keying, "Gives it back unchanged"},
    Route{"POST", "/api/v1/fields:check", post_check_fields, "Checks values by the domain's rules"},
    Route{"GET", "/api/v1/recalls", get_recalls, "What was asked back"},
    // recovery and search
    Route{"POST", "/api/v1/recovery/{verb}", post_recover, "A recovery verb over plis or documents"},
    Route{"GET", "/api/v1/aside", get_aside, "Plis in quarantine or on hold"},
    Route{"GET", "/api/v1/lots", get_lots, "Lots, and whether they balance"},
    Route{"POST", "/api/v1/search", post_search, "Finds plis again"},
    // people
    Route{"GET", "/api/v1/session", get_session, "Who is signed in, and what she may open"},
    Route{"POST", "/api/v1/session", post_session, "Signs in with a local account"},
    Route{"POST", "/api/v1/session:renew", post_renew_session, "Goes on, when somebody is there"},
    Route{"POST", "/api/v1/session:confirm", post_confirm_session, "The password again, before rights are changed"},
    Route{"POST", "/api/v1/session:end", post_end_session, "Signs out"},
    Route{"PUT", "/api/v1/session/password", put_password, "Changes one's own password"},
    Route{"POST", "/api/v1/oidc:start", post_oidc_start, "Where to sign in at the identity provider"},
    Route{"GET", "/api/v1/oidc/callback", get_oidc_callback, "Back from the identity provider"},
    Route{"GET", "/api/v1/accounts", get_accounts, "Accounts and their rights"},
    Route{"POST", "/api/v1/accounts", post_account, "Makes an account, with a password for once"},
    Route{"PUT", "/api/v1/accounts/{account}", put_account, "Changes its rights"},
    Route{"POST", "/api/v1/accounts/{account}:state", post_account_state, "Locks, unlocks or removes it"},
    Route{"POST", "/api/v1/accounts/{account}:password", post_account_password, "Gives it a password for once"},
    Route{"GET", "/api/v1/keys", get_keys, "Keys of services' machines"},
    Route{"POST", "/api/v1/keys", post_key, "Makes a key, shown once"},
    Route{"POST", "/api/v1/keys/{account}:revoke", post_revoke_key, "Revokes a key"},
    Route{"GET", "/api/v1/journal", get_journal, "The audit trail, with who saw what"},
    // the service itself
    Route{"GET", "/api/v1/reference", get_reference, "French labels of types, services, caisses and fields"},
    Route{"GET", "/api/v1/openapi.json", get_openapi, "This API, described"},
    Route{"GET", "/healthz", get_healthz, "The process lives"},
    Route{"GET", "/readyz", get_readyz, "It can serve"},
    Route{"GET", "/metrics", get_metrics, "Prometheus metrics"},
    // the web page
    Route{"GET", "/", get_home, "The web page"},
    Route{"GET", "/web/{asset}", get_asset, "Its files"},
};

constexpr std::size_t kParamBytesMax = 128;

bool fits(std::string_view name, std::string_view value) {
    if (value.empty() || value.size() > kParamBytesMax) return false;
    if (name == "page") {
        return value.size() <= 5 && std::ranges::all_of(value, [](unsigned char c) { return std::isdigit(c) != 0; });
    }
    return std::ranges::all_of(value, [&](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_' || c == '-' || (c == '.' && (name == "asset" || name == "account"));
    });
}

std::string_view next_segment(std::string_view& rest) {
    const auto slash = rest.find('/');
    const auto segment = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
    return segment;
}

}  // namespace

std::span<const Route> all_routes() {
    return kRoutes;
}

std::optional<Params> match(std::string_view pattern, std::string_view path) {
    if (std::ranges::count(pattern, '/') != std::ranges::count(path, '/')) return std::nullopt;
    Params params;
    while (!pattern.empty() || !path.empty()) {
        const auto wanted = next_segment(pattern);
        const auto given = next_segment(path);
        const auto open = wanted.find('{');
        if (open == std::string_view::npos) {
            if (wanted != given) return std::nullopt;
            continue;
        }
        const auto close = wanted.find('}');
        const auto name = wanted.substr(open + 1, close - open - 1);
        const auto before = wanted.substr(0, open);
        const auto after = wanted.substr(close + 1);
        if (given.size() < before.size() + after.size() || !given.starts_with(before) || !given.ends_with(after)) {
            return std::nullopt;
        }
        const auto value = given.substr(before.size(), given.size() - before.size() - after.size());
        if (!fits(name, value)) return std::nullopt;
        params.emplace(name, value);
    }
    return params;
}

Routed find_route(std::string_view method, std::string_view path) {
    Routed routed;
    const auto wanted = method == "HEAD" ? std::string_view("GET") : method;
    for (const auto& route : kRoutes) {
        auto params = match(route.pattern, path);
        if (!params) continue;
        if (route.method == wanted) {
            routed.route = &route;
            routed.params = std::move(*params);
            return routed;
        }
        routed.allow +=
            (routed.allow.empty() ? "" : ", ") + std::string(route.method) + (route.method == "GET" ? ", HEAD" : "");
    }
    return routed;
}

}  // namespace pleiade::gateway
