// The counters of the conservation equations. Private to common/ledger.
//
// Operation: transitions change them in memory; `store` writes the row in the same transaction, where the table's
// constraints are the equations: a commit that breaks one cannot happen. `names()` are the table's columns.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/ledger/sql/database.h"

namespace pleiade::ledger {

enum class Total : std::size_t {
    Announced,
    Received,
    Registered,
    Rejected,
    Missing,
    PliRegistered,
    PliReading,
    PliRead,
    PliHeld,
    PliQuarantined,
    Created,
    DocRead,
    DocToKey,
    DocKeying,
    DocQueued,
    DocTaken,
    DocDelivered,
    DocClosed,
    DocReturned,
    DocHeld,
    DocRescan,
    DocQuarantined,
    DocRejected,
    DocSuperseded,
    DocPurged,
    PagesScanned,
    PagesInFlight,
    PagesInDocuments,
    PagesBlank,
    PagesSeparator,
    PagesEnvelope,
    TasksRead,
    TasksRoute,
    kCount
};

class Totals {
  public:
    static constexpr std::size_t kSize = static_cast<std::size_t>(Total::kCount);
    static const std::array<std::string_view, kSize>& names();

    static Totals load(Database& database);
    void store(Database& database) const;

    std::int64_t operator[](Total total) const { return values_[static_cast<std::size_t>(total)]; }
    void add(Total total, std::int64_t by) { values_[static_cast<std::size_t>(total)] += by; }
    bool operator==(const Totals&) const = default;

    // The first equation that does not hold, empty when all do.
    std::string broken_equation() const;
    std::int64_t difference_plis() const;
    std::int64_t difference_documents() const;
    std::int64_t difference_pages() const;

  private:
    std::array<std::int64_t, kSize> values_{};
};

// The counter of a state; PLEIADE_CHECK when there is no such state.
Total total_of_document_state(std::string_view state);
Total total_of_pli_state(std::string_view state);
Total total_of_page_kind(std::string_view kind);
Total total_of_stage(std::string_view stage);

}  // namespace pleiade::ledger
