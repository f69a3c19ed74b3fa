// Who may see which page: the one place that decides it.
//
// Sources: CONTRACT.md section 3 (route.pages, copies[].pages) and the secret médical: a medical volet is seen by the
// service médical only. Closed by default: a document that is not in a service's hands yet, or a recipient that its
// route does not name, sees nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/wire/messages.h"

namespace pleiade::gateway {

struct Recipient {
    std::string caisse;   // three digits
    std::string service;  // "IJ", "ELSM"...
    bool operator==(const Recipient&) const = default;
};

// "595-IJ"; nothing when it is not of that form.
std::optional<Recipient> recipient_from(std::string_view text);

// The page numbers of the pli that this recipient may see of the document, in order; may be empty (index only).
// Errors: NOT_A_RECIPIENT (Conflict) when the document is not addressed to it, or not yet.
Result<std::vector<int>> pages_for(const v1::DocumentView& document, const Recipient& recipient);

// Medical until known: only a page of a document that is known not to be is not.
bool is_medical(const v1::PliView& view, int page);

// The recipients of a document: the processing service first, then the copies.
std::vector<Recipient> recipients_of(const v1::DocumentView& document);

}  // namespace pleiade::gateway
