// JSON Web Signatures: the only place that includes cjose.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace pleiade::gateway::oidc {

// The claims of a token whose signature one of these keys made (JWKS), by RS256 or ES256 and nothing else: neither
// `none`, nor a secret shared by several. Errors: OIDC_TOKEN_INVALID (Invalid), OIDC_KEY_UNKNOWN (NotFound)
Result<boost::json::object> verified_claims(std::string_view token, const boost::json::object& keys);

}  // namespace pleiade::gateway::oidc
