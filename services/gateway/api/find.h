// A document, as one recipient may see it: used by every handler that hands over content.
#pragma once

#include <optional>
#include <vector>

#include "services/gateway/api/context.h"
#include "services/gateway/visibility.h"

namespace pleiade::gateway {

struct Found {
    std::optional<Response> refusal;  // when set, the rest is empty
    v1::DocumentView view;
    Recipient recipient;
    std::vector<int> pages;  // visible to it
};

// `recipient` is a query parameter, CAISSE-SERVICE, and mandatory.
Found find_for_recipient(const Context& context, const Request& request);

}  // namespace pleiade::gateway
