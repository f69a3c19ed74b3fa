// What handlers work with. Built once by the gateway; everything in it may be used from several threads.
#pragma once

#include "services/gateway/desk.h"
#include "services/gateway/http/message.h"
#include "services/gateway/pages/binder.h"
#include "services/gateway/pages/page_images.h"
#include "services/gateway/pages/rectangle_texts.h"

namespace pleiade::gateway {

class EventFeed;
class Gatekeeper;
class Idempotency;
class Metrics;
class Reference;

struct Context {
    Desk& desk;
    PageImages& images;
    Binder& binder;
    RectangleTexts* texts;  // may be null
    const Reference& reference;
    EventFeed& feed;
    Idempotency& idempotency;
    Metrics& metrics;
    Gatekeeper& access;
};

}  // namespace pleiade::gateway
