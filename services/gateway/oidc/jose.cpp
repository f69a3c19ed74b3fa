#include "services/gateway/oidc/jose.h"

#include <cjose/cjose.h>

#include <memory>

namespace pleiade::gateway::oidc {

namespace {

constexpr std::size_t kTokenBytesMax = 32 << 10;

struct JwsRelease {
    void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
};
struct JwkRelease {
    void operator()(cjose_jwk_t* jwk) const { cjose_jwk_release(jwk); }
};
using Jws = std::unique_ptr<cjose_jws_t, JwsRelease>;
using Jwk = std::unique_ptr<cjose_jwk_t, JwkRelease>;

Error invalid_token(const std::string& why) {
    return {ErrorKind::Invalid, "OIDC_TOKEN_INVALID", "the identity provider's token is refused: " + why};
}

Result<Jws> parsed(std::string_view token) {
    if (token.empty() || token.size() > kTokenBytesMax) return tl::unexpected<Error>(invalid_token("its size"));
    cjose_err error{};
    Jws jws(cjose_jws_import(token.data(), token.size(), &error));
    if (!jws) return tl::unexpected<Error>(invalid_token("it cannot be parsed"));
    return jws;
}

std::string header_of(const Jws& jws, const char* name) {
    cjose_err error{};
    const char* value = cjose_header_get(cjose_jws_get_protected(jws.get()), name, &error);
    return value == nullptr ? "" : value;
}

std::string text_of(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

}  // namespace

Result<boost::json::object> verified_claims(std::string_view token, const boost::json::object& keys) {
    const auto jws = parsed(token);
    if (!jws) return pass_on(jws);
    const std::string algorithm = header_of(*jws, "alg");
    const std::string kid = header_of(*jws, "kid");
    const std::string kind = algorithm == "RS256" ? "RSA" : algorithm == "ES256" ? "EC" : "";
    if (kind.empty()) return tl::unexpected<Error>(invalid_token("its algorithm is neither RS256 nor ES256"));
    const auto* list = keys.if_contains("keys");
    bool known = false;
    for (const auto& one : list != nullptr && list->is_array() ? list->as_array() : boost::json::array()) {
        if (!one.is_object() || text_of(one.as_object(), "kty") != kind || text_of(one.as_object(), "use") == "enc")
            continue;
        if (!kid.empty() && text_of(one.as_object(), "kid") != kid) continue;
        known = true;
        cjose_err error{};
        const std::string text = boost::json::serialize(one);
        const Jwk key(cjose_jwk_import(text.data(), text.size(), &error));
        if (!key || !cjose_jws_verify(jws->get(), key.get(), &error)) continue;
        std::uint8_t* bytes = nullptr;
        std::size_t size = 0;
        if (!cjose_jws_get_plaintext(jws->get(), &bytes, &size, &error)) break;
        boost::json::error_code malformed;
        auto claims = boost::json::parse({reinterpret_cast<const char*>(bytes), size}, malformed);
        if (malformed || !claims.is_object()) return tl::unexpected<Error>(invalid_token("its claims are no object"));
        return std::move(claims.as_object());
    }
    if (!known) return not_found("OIDC_KEY_UNKNOWN", "the identity provider's keys do not hold the one of this token");
    return tl::unexpected<Error>(invalid_token("its signature is wrong"));
}

}  // namespace pleiade::gateway::oidc
