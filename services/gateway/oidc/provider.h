// People of an identity provider: OpenID Connect, authorization code, by ProConnect's rules (RELIABILITY 5.3).
//
// Operation: `start` gives the address to send a browser to, and a ticket for its cookie; `finish` takes both back with
// the code, once, within ten minutes, and answers the provider's `sub`. State and nonce have 43 random characters. The
// id token and the userinfo are signed tokens, both checked; keys come from the provider's JWKS, asked again when a
// token names one that is not known. PKCE only when discovery says so; no parameter that the provider did not announce.
// Concurrency: any thread. Limits: 2 000 sign-ins under way.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <map>
#include <mutex>
#include <string>

#include "common/base/result.h"

namespace pleiade::gateway::oidc {

struct Settings {
    std::string issuer;
    std::string client_id;
    std::string client_secret;
    std::string redirect_uri;
    std::string ca_file;
    bool require_mfa = true;
};

class Provider {
  public:
    explicit Provider(Settings settings) : settings_(std::move(settings)) {}

    struct Start {
        std::string location;
        std::string ticket;
    };
    // Errors: OIDC_UNREACHABLE (Unavailable), OIDC_DISCOVERY_INVALID (Invalid)
    Result<Start> start();
    // Errors: OIDC_STATE_UNKNOWN, OIDC_CODE_REFUSED, OIDC_TOKEN_INVALID, OIDC_MFA_REQUIRED (Invalid), OIDC_UNREACHABLE
    Result<std::string> finish(const std::string& ticket, const std::string& state, const std::string& code);

  private:
    using Clock = std::chrono::steady_clock;
    struct Flow {
        std::string state, nonce, verifier;
        Clock::time_point begun;
    };
    Result<boost::json::object> discovery();
    Result<boost::json::object> keys(const boost::json::object& discovered, bool afresh);
    Result<boost::json::object> claims(const boost::json::object& discovered, const std::string& token);

    const Settings settings_;
    std::mutex mutex_;  // protects everything below
    boost::json::object discovery_;
    Clock::time_point discovered_at_{};
    boost::json::object keys_;
    Clock::time_point keys_at_{};
    std::map<std::string, Flow> flows_;  // by digest of the ticket
};

}  // namespace pleiade::gateway::oidc
