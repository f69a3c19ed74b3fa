#include "common/ledger/sql/totals.h"

#include <cstdlib>
#include <utility>

#include "common/base/check.h"

namespace pleiade::ledger {
namespace {

using Named = std::pair<std::string_view, Total>;

constexpr std::array<Named, 14> kDocumentStates = {{{"READ", Total::DocRead},
                                                    {"TO_KEY", Total::DocToKey},
                                                    {"KEYING", Total::DocKeying},
                                                    {"QUEUED", Total::DocQueued},
                                                    {"TAKEN", Total::DocTaken},
                                                    {"DELIVERED", Total::DocDelivered},
                                                    {"CLOSED", Total::DocClosed},
                                                    {"RETURNED", Total::DocReturned},
                                                    {"HELD", Total::DocHeld},
                                                    {"RESCAN_REQUESTED", Total::DocRescan},
                                                    {"QUARANTINED", Total::DocQuarantined},
                                                    {"REJECTED", Total::DocRejected},
                                                    {"SUPERSEDED", Total::DocSuperseded},
                                                    {"PURGED", Total::DocPurged}}};
constexpr std::array<Named, 5> kPliStates = {{{"REGISTERED", Total::PliRegistered},
                                              {"READING", Total::PliReading},
                                              {"READ", Total::PliRead},
                                              {"HELD", Total::PliHeld},
                                              {"QUARANTINED", Total::PliQuarantined}}};
constexpr std::array<Named, 5> kPageKinds = {{{"unread", Total::PagesInFlight},
                                              {"document", Total::PagesInDocuments},
                                              {"blank", Total::PagesBlank},
                                              {"separator", Total::PagesSeparator},
                                              {"envelope", Total::PagesEnvelope}}};
constexpr std::array<Named, 2> kStages = {{{"read", Total::TasksRead}, {"route", Total::TasksRoute}}};

template <std::size_t N>
Total find(const std::array<Named, N>& all, std::string_view name) {
    for (const auto& [known, total] : all) {
        if (known == name) return total;
    }
    PLEIADE_CHECK(!"a state without a counter");
    std::abort();
}

template <std::size_t N>
std::int64_t sum(const Totals& totals, const std::array<Named, N>& all) {
    std::int64_t result = 0;
    for (const auto& [name, total] : all) result += totals[total];
    return result;
}

}  // namespace

const std::array<std::string_view, Totals::kSize>& Totals::names() {
    static constexpr std::array<std::string_view, kSize> kNames = {
        "announced",      "received",      "registered",      "rejected",           "missing",       "pli_registered",
        "pli_reading",    "pli_read",      "pli_held",        "pli_quarantined",    "created",       "doc_read",
        "doc_to_key",     "doc_keying",    "doc_queued",      "doc_taken",          "doc_delivered", "doc_closed",
        "doc_returned",   "doc_held",      "doc_rescan",      "doc_quarantined",    "doc_rejected",  "doc_superseded",
        "doc_purged",     "pages_scanned", "pages_in_flight", "pages_in_documents", "pages_blank",   "pages_separator",
        "pages_envelope", "tasks_read",    "tasks_route"};
    return kNames;
}

Totals Totals::load(Database& database) {
    static const std::string sql = [] {
        std::string text = "SELECT ";
        for (std::size_t i = 0; i < kSize; ++i) text += (i == 0 ? "" : ",") + std::string(names()[i]);
        return text + " FROM totals WHERE one=1";
    }();
    Query query(database, sql.c_str());
    if (!query.next()) throw StoreError("the ledger has lost its totals; run pleiade verify", StoreFault::Damaged);
    Totals totals;
    for (std::size_t i = 0; i < kSize; ++i) totals.values_[i] = query.integer(static_cast<int>(i));
    return totals;
}

void Totals::store(Database& database) const {
    static const std::string sql = [] {
        std::string text = "UPDATE totals SET ";
        for (std::size_t i = 0; i < kSize; ++i) text += (i == 0 ? "" : ",") + std::string(names()[i]) + "=?";
        return text + " WHERE one=1";
    }();
    Query query(database, sql.c_str());
    for (std::size_t i = 0; i < kSize; ++i) query.bind(static_cast<int>(i) + 1, values_[i]);
    query.run();
}

std::int64_t Totals::difference_plis() const {
    return std::abs((*this)[Total::Received] - (*this)[Total::Registered] - (*this)[Total::Rejected]) +
           std::abs((*this)[Total::Announced] - (*this)[Total::Received] - (*this)[Total::Missing]) +
           std::abs((*this)[Total::Registered] - sum(*this, kPliStates));
}
std::int64_t Totals::difference_documents() const {
    return std::abs((*this)[Total::Created] - sum(*this, kDocumentStates));
}
std::int64_t Totals::difference_pages() const {
    return std::abs((*this)[Total::PagesScanned] - sum(*this, kPageKinds));
}

std::string Totals::broken_equation() const {
    if (difference_plis() != 0) return "plis: received = registered + rejected, announced = received + missing";
    if (difference_documents() != 0) return "documents: created = sum of states";
    if (difference_pages() != 0) return "pages: scanned = in flight + in documents + blanks + separators + envelopes";
    for (const std::int64_t value : values_) {
        if (value < 0) return "a count is negative";
    }
    return "";
}

Total total_of_document_state(std::string_view state) {
    return find(kDocumentStates, state);
}
Total total_of_pli_state(std::string_view state) {
    return find(kPliStates, state);
}
Total total_of_page_kind(std::string_view kind) {
    return find(kPageKinds, kind);
}
Total total_of_stage(std::string_view stage) {
    return find(kStages, stage);
}

}  // namespace pleiade::ledger
