// Between the door and the handlers: who asks, whether she may, whether the page that asks is ours.
//
// Operation: `admit` fills `request.who` and answers nothing, or the refusal. Concurrency: any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "common/runtime/secrets.h"
#include "services/gateway/access/rights.h"
#include "services/gateway/access/sessions.h"
#include "services/gateway/access/throttle.h"
#include "services/gateway/access/view_journal.h"
#include "services/gateway/http/guard.h"

namespace pleiade::gateway {

namespace oidc {
class Provider;
}

struct AccessOptions {
    PublicSite site;  // how people reach this gateway
    SessionTimes times;
    oidc::Provider* provider = nullptr;  // none: local accounts only
};

class Gatekeeper {
  public:
    Gatekeeper(Desk& desk, const Reference& reference, const AccessOptions& options)
        : sessions(desk, options.times), views(desk), options(options), desk_(desk), reference_(reference) {}

    std::optional<Response> admit(const RouteRight* right, Request& request);
    // Ends a live response when its session does.
    void watch(Response& response, const Request& request);

    // "pleiade=...; HttpOnly; ..." A cookie that no other host or path can set, once TLS is there to allow it.
    std::string cookie_line(const std::string& value) const;
    std::string cookie_of(const Request& request) const;

    Sessions sessions;
    Throttle throttle;
    runtime::PasswordGate passwords;
    ViewJournal views;
    const AccessOptions options;

  private:
    std::optional<Response> identify(const RouteRight& right, Request& request);

    Desk& desk_;
    const Reference& reference_;
};

}  // namespace pleiade::gateway
