// What is checked of every request before any handler, and put on every answer after it (RELIABILITY 5.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/result.h"
#include "services/gateway/http/message.h"

namespace pleiade::gateway {

// How people reach this gateway: by its address on this machine, or through a declared reverse proxy that ends TLS.
struct PublicSite {
    std::string url;  // "https://pleiade.example", as people type it; empty: no proxy
    bool tls() const { return !url.empty(); }
    std::string host() const { return url.substr(std::min(url.size(), std::string("https://").size())); }
};
// CONFIG_INVALID unless it is "https://name[:port]" or nothing.
std::optional<Error> check_site(const PublicSite& site);

// HOST_NOT_ALLOWED: the Host header names something else than loopback, as a page does whose name was rebound to
// 127.0.0.1. FORBIDDEN_ORIGIN: a POST that another site's page made the browser send.
std::optional<Response> refuse_at_the_door(const Request& request, const PublicSite& site = {});
// The address that the request came from: behind a declared proxy, the last one that the proxy saw.
std::string client_address(const Request& request, const PublicSite& site);

void add_security_headers(Response& response, const Request& request, const PublicSite& site = {});

}  // namespace pleiade::gateway
