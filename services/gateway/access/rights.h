// Who may do what: the one table, and the one function that reads it for every route.
//
// Operation: a route belongs to a family and names an object; a role is granted families, each within a scope:
// anything, the mail of the account's caisses, its services. What shows content asks for the medical right too, where
// the object is medical. Closed by default: a route that the table does not hold is refused to everybody. Concurrency:
// any thread. What must be known of the object is asked of the hub, and only when the answer depends on it.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "services/gateway/access/principal.h"
#include "services/gateway/desk.h"
#include "services/gateway/http/message.h"

namespace pleiade::gateway {

class Reference;

enum class Family {
    Open,          // for anybody: the page itself, health, signing in
    Self,          // one's own session and password
    Words,         // labels, checks of a value: nothing of any letter
    Metrics,       // counters of the process
    Figures,       // counts, rates, live changes by identifiers
    Flow,          // lots, refused mail, what stands aside: identifiers and codes
    Workers,       // readers and routers
    Mail,          // lists of plis and documents: no content
    Story,         // what became of one pli, and who saw it
    PersonSearch,  // by a NIR
    Content,       // readings, page images, texts
    Keying,
    Recall,
    Recovery,
    Recalls,    // what was asked back of a service
    QueueList,  // what waits in a service's queue
    Queue,      // what a service does with it
    Delivered,  // content as its recipient sees it
    Accounts,   // people, rights, keys
    Journal,    // the audit trail with people's acts
};

// What a request is about, and where it says so.
enum class Object {
    None,
    Queue,         // {caisse}, {service}
    QueueAsked,    // ?caisse= and ?service=
    QueueInBody,   // caisse and service of the body, and the document {id}
    Recipient,     // ?recipient=, of the document {id}
    Document,      // {id}
    DocumentPage,  // {id}; seen for ?recipient= when that is given
    Pli,           // {id}
    PliPage,       // {id}, {page}
    PliImage,      // {id}, {image}
    Work,          // {id}: a pli or a document
    WorkInBody,    // ids
    Search,        // may hold a NIR
};

struct RouteRight {
    std::string_view method;
    std::string_view pattern;
    Family family;
    Object object = Object::None;
    bool acts = true;             // a person does it: it keeps her session alive
    bool unprotected = false;     // changes nothing that a session could be abused for: no CSRF token
    bool recent_sign_in = false;  // asks for the password again
};

std::span<const RouteRight> route_rights();
const RouteRight* right_of(std::string_view method, std::string_view pattern);

// Nothing: it may. May complete the request with what only one value can be (the recipient of an agent of one service).
std::optional<Response> refuse_by_rights(const RouteRight& right, Request& request, Desk& desk,
                                         const Reference& reference);

// Of rows that a list shows: whether this person's caisses or services cover them.
bool may_list(const Principal& who, const v1::DocumentRow& row);
bool may_list_caisse(const Principal& who, std::string_view caisse);
// The families that this person is granted, in words: what her menus are made of.
std::vector<std::string_view> screens_of(const Principal& who);

}  // namespace pleiade::gateway
