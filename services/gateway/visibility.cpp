#include "services/gateway/visibility.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace pleiade::gateway {

namespace {

// States in which a service has the document, or has had it and closed it.
bool in_a_service(const std::string& state) {
    static constexpr std::array<std::string_view, 4> kStates = {"QUEUED", "TAKEN", "DELIVERED", "CLOSED"};
    return std::ranges::find(kStates, state) != kStates.end();
}

}  // namespace

std::optional<Recipient> recipient_from(std::string_view text) {
    if (text.size() < 5 || text.size() > 40 || text[3] != '-') return std::nullopt;
    const auto caisse = text.substr(0, 3);
    const auto service = text.substr(4);
    const auto is_digit = [](unsigned char c) { return std::isdigit(c) != 0; };
    const auto is_code = [](unsigned char c) { return std::isupper(c) != 0 || std::isdigit(c) != 0 || c == '_'; };
    if (!std::ranges::all_of(caisse, is_digit) || !std::ranges::all_of(service, is_code)) return std::nullopt;
    return Recipient{std::string(caisse), std::string(service)};
}

Result<std::vector<int>> pages_for(const v1::DocumentView& document, const Recipient& recipient) {
    if (!in_a_service(document.row().state()) || !document.decision().has_route()) {
        return conflict("NOT_A_RECIPIENT", "the document is not in a service's queue");
    }
    const auto& route = document.decision().route();
    bool named = false;
    std::vector<int> pages;
    const auto add = [&](const std::string& caisse, const std::string& service, const auto& seen) {
        if (caisse != recipient.caisse || service != recipient.service) return;
        named = true;
        pages.insert(pages.end(), seen.begin(), seen.end());
    };
    add(route.processed_by(), route.service(), route.pages());
    for (const auto& copy : route.copies()) add(copy.processed_by(), copy.service(), copy.pages());
    if (!named) return conflict("NOT_A_RECIPIENT", "the route does not name this recipient");

    // Never a page of another document, whatever the route says.
    const auto& own = document.document().pages();
    std::erase_if(pages, [&](int page) { return std::ranges::find(own, page) == own.end(); });
    std::ranges::sort(pages);
    pages.erase(std::ranges::unique(pages).begin(), pages.end());
    return pages;
}

bool is_medical(const v1::PliView& view, int page) {
    for (const auto& document : view.reading().documents()) {
        if (std::ranges::find(document.pages(), page) == document.pages().end()) continue;
        const std::string id = view.id() + "-" + std::to_string(document.id());
        const auto row = std::ranges::find(view.documents(), id, &v1::DocumentRow::id);
        return row == view.documents().end() || row->secrecy() != "normal";
    }
    return true;
}

std::vector<Recipient> recipients_of(const v1::DocumentView& document) {
    std::vector<Recipient> recipients;
    if (!document.decision().has_route()) return recipients;
    const auto& route = document.decision().route();
    recipients.push_back({route.processed_by(), route.service()});
    for (const auto& copy : route.copies()) {
        Recipient recipient{copy.processed_by(), copy.service()};
        if (std::ranges::find(recipients, recipient) == recipients.end()) recipients.push_back(std::move(recipient));
    }
    return recipients;
}

}  // namespace pleiade::gateway
