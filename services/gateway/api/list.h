// Lists of documents, by page, for /documents and for one queue.
#pragma once

#include "services/gateway/api/context.h"

namespace pleiade::gateway {

// Adds the request's filters to `query`; a filter that `query` already has may only be `state`.
Response list_documents(const Context& context, const Request& request, v1::DocumentsQuery query);

}  // namespace pleiade::gateway
