#include "services/gateway/oidc/provider.h"

#include <openssl/sha.h>
#include <sodium.h>

#include <algorithm>
#include <array>

#include "common/runtime/secrets.h"
#include "services/gateway/oidc/https.h"
#include "services/gateway/oidc/jose.h"

namespace pleiade::gateway::oidc {

namespace {

constexpr std::chrono::minutes kFlowLasts{10};
constexpr std::chrono::hours kDiscoveryLasts{1};
constexpr std::chrono::seconds kKeysAskedAgainAfter{1};  // a token that names no known key is rare: keys were rotated
constexpr std::size_t kFlowsMax = 2'000;
constexpr std::int64_t kSkewSeconds = 60;
constexpr std::array<std::string_view, 3> kSecondFactors = {"mfa", "totp", "pop"};

std::string text_of(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

bool holds(const boost::json::object& object, std::string_view name, std::string_view wanted) {
    const auto* value = object.if_contains(name);
    if (value == nullptr) return false;
    if (value->is_string()) return value->as_string() == wanted;
    if (!value->is_array()) return false;
    return std::ranges::any_of(value->as_array(),
                               [&](const auto& one) { return one.is_string() && one.as_string() == wanted; });
}

std::int64_t number_of(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_int64() ? value->as_int64() : 0;
}

Error token_error(const std::string& why) {
    return {ErrorKind::Invalid, "OIDC_TOKEN_INVALID", "the identity provider's token is refused: " + why};
}

Result<boost::json::object> object_of(const Result<Answer>& answer, const char* what) {
    if (!answer) return pass_on(answer);
    boost::json::error_code error;
    auto value = boost::json::parse(answer->body, error);
    if (answer->status != 200 || error || !value.is_object()) {
        return invalid("OIDC_DISCOVERY_INVALID", std::string("the identity provider gives no valid ") + what);
    }
    return std::move(value.as_object());
}

std::string challenge_of(const std::string& verifier) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(verifier.data()), verifier.size(), digest.data());
    std::array<char, 64> text{};
    sodium_bin2base64(text.data(), text.size(), digest.data(), digest.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return text.data();
}

}  // namespace

Result<boost::json::object> Provider::discovery() {
    {
        const std::lock_guard lock(mutex_);
        if (!discovery_.empty() && Clock::now() - discovered_at_ < kDiscoveryLasts) return discovery_;
    }
    const std::string root = settings_.issuer.ends_with('/') ? settings_.issuer : settings_.issuer + "/";
    auto found = object_of(ask(root + ".well-known/openid-configuration", settings_.ca_file), "configuration");
    if (!found) return found;
    if (text_of(*found, "issuer") != settings_.issuer) {
        return invalid("OIDC_DISCOVERY_INVALID",
                       "the identity provider calls itself otherwise than gateway.oidc_issuer");
    }
    for (const char* name : {"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"}) {
        if (text_of(*found, name).empty()) return invalid("OIDC_DISCOVERY_INVALID", std::string("no ") + name);
    }
    const std::lock_guard lock(mutex_);
    discovery_ = *found;
    discovered_at_ = Clock::now();
    return found;
}

Result<boost::json::object> Provider::keys(const boost::json::object& discovered, bool afresh) {
    {
        const std::lock_guard lock(mutex_);
        const bool fresh = Clock::now() - keys_at_ < kKeysAskedAgainAfter;
        if (!keys_.empty() && (!afresh || fresh)) return keys_;
    }
    auto found = object_of(ask(text_of(discovered, "jwks_uri"), settings_.ca_file), "keys");
    if (!found) return found;
    const std::lock_guard lock(mutex_);
    keys_ = *found;
    keys_at_ = Clock::now();
    return found;
}

Result<boost::json::object> Provider::claims(const boost::json::object& discovered, const std::string& token) {
    const auto known = keys(discovered, false);
    if (!known) return pass_on(known);
    auto found = verified_claims(token, *known);
    if (!found && found.error().code == "OIDC_KEY_UNKNOWN") {
        const auto rotated = keys(discovered, true);
        if (!rotated) return pass_on(rotated);
        found = verified_claims(token, *rotated);
    }
    if (!found) return found;
    if (text_of(*found, "iss") != settings_.issuer) return tl::unexpected<Error>(token_error("another issuer made it"));
    if (!holds(*found, "aud", settings_.client_id))
        return tl::unexpected<Error>(token_error("it is for another client"));
    const auto now =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
    const auto until = number_of(*found, "exp");
    if (until != 0 && until + kSkewSeconds < now.count()) return tl::unexpected<Error>(token_error("it is over"));
    if (text_of(*found, "sub").empty()) return tl::unexpected<Error>(token_error("it names nobody"));
    return found;
}

Result<Provider::Start> Provider::start() {
    const auto discovered = discovery();
    if (!discovered) return pass_on(discovered);
    Flow flow{runtime::random_token(), runtime::random_token(), "", Clock::now()};
    std::vector<std::pair<std::string, std::string>> values = {{"response_type", "code"},
                                                               {"client_id", settings_.client_id},
                                                               {"redirect_uri", settings_.redirect_uri},
                                                               {"scope", "openid"},
                                                               {"state", flow.state},
                                                               {"nonce", flow.nonce}};
    if (settings_.require_mfa) values.emplace_back("claims", R"({"id_token":{"amr":{"essential":true}}})");
    if (holds(*discovered, "code_challenge_methods_supported", "S256")) {
        flow.verifier = runtime::random_token();
        values.emplace_back("code_challenge", challenge_of(flow.verifier));
        values.emplace_back("code_challenge_method", "S256");
    }
    const std::string endpoint = text_of(*discovered, "authorization_endpoint");
    Start start{endpoint + (endpoint.find('?') == std::string::npos ? "?" : "&") + encoded(values),
                runtime::random_token()};
    const std::lock_guard lock(mutex_);
    std::erase_if(flows_, [](const auto& one) { return Clock::now() - one.second.begun > kFlowLasts; });
    if (flows_.size() >= kFlowsMax) return unavailable("OIDC_UNREACHABLE", "too many sign-ins are under way");
    flows_[runtime::digest_of(start.ticket)] = std::move(flow);
    return start;
}

Result<std::string> Provider::finish(const std::string& ticket, const std::string& state, const std::string& code) {
    Flow flow;
    {
        const std::lock_guard lock(mutex_);
        auto found = flows_.extract(runtime::digest_of(ticket));
        if (found.empty() || Clock::now() - found.mapped().begun > kFlowLasts ||
            !runtime::same_secret(found.mapped().state, state)) {
            return invalid("OIDC_STATE_UNKNOWN", "this sign-in was not begun by this browser, or too long ago");
        }
        flow = std::move(found.mapped());
    }
    const auto discovered = discovery();
    if (!discovered) return pass_on(discovered);
    std::vector<std::pair<std::string, std::string>> values = {{"grant_type", "authorization_code"},
                                                               {"code", code},
                                                               {"redirect_uri", settings_.redirect_uri},
                                                               {"client_id", settings_.client_id},
                                                               {"client_secret", settings_.client_secret}};
    if (!flow.verifier.empty()) values.emplace_back("code_verifier", flow.verifier);
    const auto answer = ask(text_of(*discovered, "token_endpoint"), settings_.ca_file, encoded(values));
    if (!answer) return pass_on(answer);
    const auto tokens = object_of(answer, "token");
    if (!tokens) return invalid("OIDC_CODE_REFUSED", "the identity provider refuses the code");
    const auto identity = claims(*discovered, text_of(*tokens, "id_token"));
    if (!identity) return pass_on(identity);
    if (number_of(*identity, "exp") == 0) return tl::unexpected<Error>(token_error("it has no end"));
    if (!runtime::same_secret(text_of(*identity, "nonce"), flow.nonce)) {
        return tl::unexpected<Error>(token_error("it is not for this sign-in"));
    }
    if (settings_.require_mfa &&
        std::ranges::none_of(kSecondFactors, [&](auto one) { return holds(*identity, "amr", one); })) {
        return invalid("OIDC_MFA_REQUIRED", "the identity provider does not say that a second factor was used");
    }
    const auto info =
        ask(text_of(*discovered, "userinfo_endpoint"), settings_.ca_file, "", text_of(*tokens, "access_token"));
    if (!info) return pass_on(info);
    if (info->status != 200 || !info->content_type.starts_with("application/jwt")) {
        return tl::unexpected<Error>(token_error("the userinfo is not a signed token"));
    }
    const auto person = claims(*discovered, info->body);
    if (!person) return pass_on(person);
    if (text_of(*person, "sub") != text_of(*identity, "sub")) {
        return tl::unexpected<Error>(token_error("the userinfo is about somebody else"));
    }
    return text_of(*person, "sub");
}

}  // namespace pleiade::gateway::oidc
