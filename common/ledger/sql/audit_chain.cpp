#include "common/ledger/sql/audit_chain.h"

#include <sodium.h>

#include <string_view>

#include "common/base/check.h"

namespace pleiade::ledger {
namespace {

void put_number(std::string& bytes, std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(bits >> shift);
}

// With its length, so that no two different entries give the same bytes.
void put_text(std::string& bytes, std::string_view text) {
    put_number(bytes, static_cast<std::int64_t>(text.size()));
    bytes += text;
}

}  // namespace

std::string first_prev() {
    return std::string(kAuditHashBytes, '\0');
}

std::string audit_hash(const SealedEntry& sealed) {
    std::string bytes = "PLEIADE-AUDIT-1";
    bytes.reserve(512);
    put_number(bytes, sealed.seq);
    put_number(bytes, sealed.at_ms);
    const AuditEntry& entry = sealed.entry;
    put_text(bytes, entry.kind);
    put_number(bytes, entry.pli_n);
    put_number(bytes, entry.document);
    put_text(bytes, entry.actor);
    put_text(bytes, entry.from_state);
    put_text(bytes, entry.to_state);
    put_text(bytes, entry.code);
    put_text(bytes, entry.ref);
    put_text(bytes, entry.detail);
    put_text(bytes, sealed.prev);
    std::string hash(kAuditHashBytes, '\0');
    PLEIADE_CHECK(crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr,
                                     0) == 0);
    return hash;
}

AuditChain::AuditChain(Database& database) : database_(database), head_(first_prev()) {
    PLEIADE_CHECK(sodium_init() >= 0);
    Query last(database_, "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
    if (last.next()) {
        seq_ = last.integer(0);
        head_ = last.text(1);
    }
}

std::int64_t AuditChain::append(const AuditEntry& entry, std::int64_t at_ms) {
    SealedEntry sealed{seq_ + 1, at_ms, entry, head_, ""};
    for (std::string* text : {&sealed.entry.actor, &sealed.entry.code, &sealed.entry.ref, &sealed.entry.detail}) {
        if (text->find('\0') != std::string::npos) *text = without_nul(*text);  // sealed as it is stored
    }
    sealed.hash = audit_hash(sealed);
    run(database_, "INSERT INTO audit VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)", sealed.seq, sealed.at_ms, entry.kind,
        entry.pli_n, entry.document, sealed.entry.actor, entry.from_state, entry.to_state, sealed.entry.code,
        sealed.entry.ref, sealed.entry.detail, Blob{sealed.prev}, Blob{sealed.hash});
    seq_ = sealed.seq;
    head_ = sealed.hash;
    return seq_;
}

bool AuditChain::follow() {
    Query end(database_, "SELECT seq, hash FROM audit_head");
    PLEIADE_CHECK(end.next());
    const bool moved = end.integer(0) != seq_ || end.text(1) != head_;
    seq_ = end.integer(0);
    head_ = end.text(1);
    return moved;
}

bool AuditChain::holds_last() {
    Query entry(database_, "SELECT hash FROM audit WHERE seq = ?", seq_);
    return entry.next() && entry.text(0) == head_;
}

void AuditChain::store_head() {
    run(database_, "UPDATE audit_head SET seq = ?, hash = ?", seq_, Blob{head_});
}

}  // namespace pleiade::ledger
