// The audit journal: one entry per transition, each sealed with the one before (docs/formats/ledger.md).
// Private to common/ledger.
#pragma once

#include <cstdint>
#include <string>

#include "common/ledger/sql/database.h"

namespace pleiade::ledger {

struct AuditEntry {
    std::string kind{};         // "pli.registered", "document.queued"...
    std::int64_t pli_n = 0;     // 0: of no pli
    std::int64_t document = 0;  // number inside the pli; 0: the pli itself
    std::string actor{};
    std::string from_state{};
    std::string to_state{};
    std::string code{};
    std::string ref{};     // what the entry is about besides: a pli's id, a delivery's id, a lot
    std::string detail{};  // digests, destinations, fences; never personal data
};

struct SealedEntry {
    std::int64_t seq = 0;
    std::int64_t at_ms = 0;
    AuditEntry entry;
    std::string prev;  // 32 bytes
    std::string hash;  // 32 bytes
};

inline constexpr std::size_t kAuditHashBytes = 32;
std::string first_prev();  // 32 zero bytes
// BLAKE2b-256 over the canonical bytes of everything but `hash`.
std::string audit_hash(const SealedEntry& entry);

// Appends; knows the chain's head.
class AuditChain {
  public:
    explicit AuditChain(Database& database);
    // The entry's place in the journal.
    std::int64_t append(const AuditEntry& entry, std::int64_t at_ms);
    // Writes where the journal ends, once per transaction.
    void store_head();
    // Goes on from where the store says that the journal ends; whether that is elsewhere than where it ended here.
    bool follow();
    // Whether the store's journal holds the last entry that was appended here.
    bool holds_last();

  private:
    Database& database_;
    std::int64_t seq_ = 0;
    std::string head_;
};

}  // namespace pleiade::ledger
