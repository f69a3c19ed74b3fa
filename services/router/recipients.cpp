#include "services/router/recipients.h"

#include <algorithm>

namespace pleiade::router {
namespace {

const Part* part_of(const DocumentReading& document, const DocumentType& type, int page) {
    const auto volet = document.volets.find(page);
    if (volet == document.volets.end()) return nullptr;
    const auto part = std::find_if(type.parts.begin(), type.parts.end(),
                                   [&](const Part& candidate) { return candidate.volet == volet->second; });
    return part == type.parts.end() ? nullptr : &*part;
}

// When all volets have one recipient and one secrecy, nothing hangs on telling them apart.
bool volets_matter(const DocumentType& type) {
    return std::any_of(type.parts.begin(), type.parts.end(), [&](const Part& part) {
        return part.service != type.parts.front().service || part.secrecy != type.parts.front().secrecy;
    });
}

void add_copy(Recipients& recipients, const std::string& service, int page) {
    for (auto& copy : recipients.copies) {
        if (copy.service == service) return copy.pages.push_back(page);
    }
    recipients.copies.push_back({service, {page}});
}

}  // namespace

bool only_hors_volets(const DocumentReading& document, const DocumentType& type) {
    return !type.parts.empty() && !document.pages.empty() &&
           std::all_of(document.pages.begin(), document.pages.end(), [&](int page) {
               const auto* part = part_of(document, type, page);
               return part != nullptr && part->service == kHorsService;
           });
}

Recipients find_recipients(const DocumentReading& document, const DocumentType& type, const MainRecipient& main,
                           bool holds_secret_med, const RoutingServices& services) {
    const auto& medical_service = services.medical_service().code;
    const bool by_volet = volets_matter(type);
    Recipients recipients;
    for (const int page : document.pages) {
        std::string target = main.service;
        Secrecy secrecy = type.secrecy;
        bool may_see_medical =
            services.is_medical(main.service) || type.service == main.service || type.service == main.named_by_types;
        if (!type.parts.empty()) {
            const auto* part = part_of(document, type, page);
            if (part == nullptr && !by_volet) part = &type.parts.front();
            if (part == nullptr) recipients.untold.push_back(page);
            secrecy = part == nullptr ? Secrecy::Medical : part->secrecy;
            const std::string& named = part == nullptr ? medical_service : part->service;
            target = named == type.service ? main.service : named;
            may_see_medical = services.is_medical(target);
        }
        if (holds_secret_med && secrecy == Secrecy::Normal) {
            secrecy = Secrecy::Medical;
            may_see_medical = services.is_medical(target);
            if (!may_see_medical) recipients.withheld.push_back(page);
        }
        if (secrecy == Secrecy::Medical && !may_see_medical) target = medical_service;
        if (target == main.service) {
            recipients.main_pages.push_back(page);
        } else {
            add_copy(recipients, target, page);
        }
    }
    return recipients;
}

}  // namespace pleiade::router
