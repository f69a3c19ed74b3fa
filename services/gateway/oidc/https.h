// Asks the identity provider, over TLS that is checked; plain HTTP for a provider on this machine's loopback only
// (tests).
//
// Concurrency: any thread; each call opens a connection of its own. Limits: 10 s, 1 MiB.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/base/result.h"

namespace pleiade::gateway::oidc {

struct Answer {
    int status = 0;
    std::string content_type;
    std::string body;
};

// `form`: empty for GET. Errors: OIDC_UNREACHABLE (Unavailable), OIDC_URL_INVALID (Invalid)
Result<Answer> ask(const std::string& url, const std::string& ca_file, const std::string& form = "",
                   const std::string& bearer = "");

// application/x-www-form-urlencoded, also for a query.
std::string encoded(const std::vector<std::pair<std::string, std::string>>& values);

}  // namespace pleiade::gateway::oidc
