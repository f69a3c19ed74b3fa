// The web page, out of the binary: nothing is ever read from a folder at a client's word.
#include "services/gateway/api/handlers.h"
#include "services/gateway/assets.h"
#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

namespace {

Response serve(const Request& request, const std::string& name) {
    const auto* asset = find_asset(name);
    if (asset == nullptr) return problem(404, "ROUTE_NOT_FOUND", "Ce fichier n'existe pas.");
    Response response;
    const std::string tag = "\"" + std::string(asset->digest) + "\"";
    response.headers.emplace_back("ETag", tag);
    response.headers.emplace_back("Cache-Control", "no-cache");  // kept, asked again by its tag
    response.headers.emplace_back("Vary", "Accept-Encoding");
    if (request.header("if-none-match") == tag) {
        response.status = 304;
        response.content_type.clear();
        return response;
    }
    response.content_type = std::string(asset->content_type);
    const bool packed =
        !asset->gzip.empty() && request.header("accept-encoding").find("gzip") != std::string_view::npos;
    if (packed) response.headers.emplace_back("Content-Encoding", "gzip");
    response.body = std::string(packed ? asset->gzip : asset->bytes);
    return response;
}

}  // namespace

Response get_home(const Context&, const Request& request) {
    return serve(request, "index.html");
}

Response get_asset(const Context&, const Request& request) {
    return serve(request, request.param("asset"));
}

}  // namespace pleiade::gateway
