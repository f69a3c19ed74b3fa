// The table of everything that the gateway serves, and its matching.
//
// A pattern is a path whose segments may hold one {name}: letters, digits, `_` and `-` only ({asset} and {account} also
// `.`, {page} digits only), so that no separator, dot-dot or encoded trick ever reaches a handler.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "services/gateway/api/context.h"

namespace pleiade::gateway {

using Handler = Response (*)(const Context&, const Request&);

struct Route {
    std::string_view method;  // "GET" also answers HEAD
    std::string_view pattern;
    Handler handler;
    std::string_view description;
};

std::span<const Route> all_routes();

using Params = std::map<std::string, std::string, std::less<>>;
std::optional<Params> match(std::string_view pattern, std::string_view path);

struct Routed {
    const Route* route = nullptr;
    Params params;
    std::string allow;  // when only other methods are served at this path: "GET, HEAD"
};
Routed find_route(std::string_view method, std::string_view path);

}  // namespace pleiade::gateway
