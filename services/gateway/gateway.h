// The gateway: HTTP in front of the hub and the vault.
//
// Operation: holds the server, the live feed and the memory of POST keys; everything else is asked of the ports that it
// is given. A request goes: door (http/guard.h), route (routes.h), gatekeeper (access/), handler (api/), headers,
// metrics. Concurrency: start and stop from one thread.
#pragma once

#include <memory>
#include <string>

#include "services/gateway/access/gatekeeper.h"
#include "services/gateway/api/events.h"
#include "services/gateway/api/idempotency.h"
#include "services/gateway/api/metrics.h"
#include "services/gateway/desk.h"
#include "services/gateway/http/server.h"
#include "services/gateway/pages/binder.h"
#include "services/gateway/pages/page_images.h"
#include "services/gateway/pages/rectangle_texts.h"
#include "services/gateway/reference.h"

namespace pleiade::gateway {

struct GatewayOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    ServerLimits limits;
    EventFeedOptions feed;
    AccessOptions access;
    RectangleTexts* texts = nullptr;  // none: the text of a rectangle cannot be read here
};

class Gateway {
  public:
    // The ports must outlive the gateway.
    static Result<std::unique_ptr<Gateway>> start(const GatewayOptions& options, Desk& desk, PageImages& images,
                                                  Binder& binder, const Reference& reference);
    ~Gateway();
    std::uint16_t port() const { return server_->port(); }

  private:
    Gateway(Desk& desk, PageImages& images, Binder& binder, const Reference& reference, const GatewayOptions& options);
    Response answer(Request& request);

    Desk& desk_;
    PageImages& images_;
    Binder& binder_;
    RectangleTexts* const texts_;
    const Reference& reference_;
    Metrics metrics_;
    Gatekeeper access_;
    Idempotency idempotency_;
    std::unique_ptr<EventFeed> feed_;
    std::unique_ptr<Server> server_;
};

}  // namespace pleiade::gateway
