#include "services/gateway/http/guard.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

namespace {

bool is_loopback_host(std::string_view host) {
    const auto colon = host.rfind(':');
    const bool bracketed = host.starts_with('[');
    std::string_view name = host;
    if (colon != std::string_view::npos && (!bracketed || host.find(']') < colon)) {
        const auto port = host.substr(colon + 1);
        if (port.empty() || !std::ranges::all_of(port, [](unsigned char c) { return std::isdigit(c) != 0; }))
            return false;
        name = host.substr(0, colon);
    }
    return name == "127.0.0.1" || name == "localhost" || name == "[::1]";
}

}  // namespace

std::optional<Error> check_site(const PublicSite& site) {
    const std::string host = site.host();
    const bool plain = std::ranges::all_of(host, [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '.' || c == '-' || c == ':' || c == '[' || c == ']';
    });
    if (site.url.empty() || (site.url.starts_with("https://") && !host.empty() && plain)) return std::nullopt;
    return Error{ErrorKind::Invalid, "CONFIG_INVALID",
                 "gateway.behind_tls is " + site.url + ": give https://name[:port] as people type it, without a path"};
}

std::string client_address(const Request& request, const PublicSite& site) {
    const auto forwarded = request.header("x-forwarded-for");
    if (!site.tls() || forwarded.empty()) return request.remote;
    const auto comma = forwarded.rfind(',');
    auto last = comma == std::string_view::npos ? forwarded : forwarded.substr(comma + 1);
    while (last.starts_with(' ')) last.remove_prefix(1);
    return std::string(last.substr(0, 64));
}

std::optional<Response> refuse_at_the_door(const Request& request, const PublicSite& site) {
    const auto host = request.header("host");
    const bool by_proxy = site.tls() && host == site.host();
    if (!by_proxy && !is_loopback_host(host)) {
        return problem(421, "HOST_NOT_ALLOWED",
                       "Demandez la page par http://127.0.0.1 ou http://localhost, avec le port de la passerelle.");
    }
    if (request.method == "GET" || request.method == "HEAD") return std::nullopt;
    const auto fetched_from = request.header("sec-fetch-site");
    const auto origin = request.header("origin");
    const bool foreign_site = !fetched_from.empty() && fetched_from != "same-origin" && fetched_from != "none";
    const bool foreign_origin = !origin.empty() && origin != (by_proxy ? site.url : "http://" + std::string(host));
    if (foreign_site || foreign_origin) {
        return problem(403, "FORBIDDEN_ORIGIN", "Cette demande vient d'une autre page que celle de la passerelle.");
    }
    return std::nullopt;
}

void add_security_headers(Response& response, const Request& request, const PublicSite& site) {
    const auto has = [&](std::string_view name) {
        return std::ranges::any_of(response.headers, [&](const auto& header) { return header.first == name; });
    };
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kHeaders = {{
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
         "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Referrer-Policy", "no-referrer"},
        {"X-Frame-Options", "DENY"},
        {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
    }};
    for (const auto& [name, value] : kHeaders) response.headers.emplace_back(name, value);
    if (site.tls()) response.headers.emplace_back("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    // Mail is never left in a cache: only the page's own files say otherwise.
    if (!has("Cache-Control")) response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("X-Trace-Id", request.trace_id);
}

}  // namespace pleiade::gateway
