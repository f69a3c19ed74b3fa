// Who may see which page image of a document. The one place where secret médical meets routing.
//
// Operation, page by page:
//   - a type with parts: the volet decides. A volet goes to the service that its part names; the type's own service
//     stands for the main recipient, wherever mutualisation sends it. A volet that cannot be told is medical.
//   - a type without parts: all its pages go to the main recipient, for the nomenclature names it, medical or not.
//   - an attachment follows its master to the master's main recipient; but a medical one only if that recipient is
//     medical or is the service that the nomenclature gives to the attachment's own type.
//   - a pli that holds a SECRET_MED: a page that would be normal is medical too, and a person looks first.
// Whatever is medical and may not go to its recipient goes to the service médical, which alone may see it. So each page
// is seen by one recipient at least, and the others receive the index without that image.
#pragma once

#include <string>
#include <vector>

#include "common/domain/nomenclature.h"
#include "common/domain/reading.h"
#include "common/domain/routing_services.h"

namespace pleiade::router {

struct MainRecipient {
    std::string service;         // where the document goes, after mutualisation
    std::string named_by_types;  // the nomenclature's service of the master's type
};

struct ServicePages {
    std::string service;
    std::vector<int> pages;
};

struct Recipients {
    std::vector<int> main_pages;
    std::vector<ServicePages> copies;  // never empty of pages, never the main recipient
    std::vector<int> untold;           // pages whose volet should have been told, and was not
    std::vector<int> withheld;         // pages kept from their recipient because of a SECRET_MED in the pli
};

Recipients find_recipients(const DocumentReading& document, const DocumentType& type, const MainRecipient& main,
                           bool holds_secret_med, const RoutingServices& services);

// Every page is a volet that should not have come here (the employer's, say): the document only has to be sent on.
bool only_hors_volets(const DocumentReading& document, const DocumentType& type);

}  // namespace pleiade::router
