// The reading of a pli: the current one, those before it, and what is kept beside it to find the pli again.
#include <fmt/format.h>

#include <set>

#include "common/base/check.h"
#include "common/base/sha256.h"
#include "common/ledger/sql/rows.h"
#include "common/ledger/sql/sql_ledger.h"

namespace pleiade::ledger {
namespace {

constexpr const char* kNirKeySetting = "nir_key";
// Any number, of nobody: what tells one key from another.
constexpr const char* kWitness = "2550814168025";

std::string hex_of(const std::string& bytes) {
    std::string hex;
    for (const char byte : bytes) hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return hex;
}

// The master that a document follows, through any chain; 0 for a master.
int master_of(const v1::Reading& reading, const v1::DocumentReading& document) {
    std::map<int, const v1::DocumentReading*> by_id;
    for (const auto& other : reading.documents()) by_id[other.id()] = &other;
    const v1::DocumentReading* at = &document;
    for (int steps = 0; steps <= reading.documents_size(); ++steps) {
        if (at->role() != "attachment" || !at->has_attached_to()) break;
        const auto next = by_id.find(at->attached_to());
        if (next == by_id.end() || next->second == &document) break;
        at = next->second;
    }
    // One that hangs from nothing, or from another attachment only, is work by itself.
    return at == &document || at->role() == "attachment" ? 0 : at->id();
}

}  // namespace

std::optional<SqlLedger::StoredReading> SqlLedger::stored_reading(std::int64_t pli_n) {
    Query query(database_, "SELECT reading, decisions FROM reading WHERE pli_n = ?", pli_n);
    if (!query.next()) return std::nullopt;
    StoredReading stored;
    parse_stored(stored.reading, query.text(0));
    parse_stored(stored.decisions, query.text(1));
    return stored;
}

int SqlLedger::last_number(std::int64_t pli_n) {
    Query query(database_, "SELECT coalesce(max(number), 0) FROM document WHERE pli_n = ?", pli_n);
    PLEIADE_CHECK(query.next());
    return static_cast<int>(query.integer(0));
}

void SqlLedger::count_pages(std::int64_t pli_n, const v1::Reading& reading) {
    std::map<int, int> document_of;
    for (const auto& document : reading.documents()) {
        for (const int page : document.pages()) document_of[page] = document.id();
    }
    std::map<int, std::pair<std::string, std::int64_t>> before;
    {
        Query query(database_, "SELECT page, kind, document FROM page WHERE pli_n = ?", pli_n);
        while (query.next()) before[static_cast<int>(query.integer(0))] = {query.text(1), query.integer(2)};
    }
    for (const auto& page : reading.pages()) {
        const auto& [kind, document] = before.at(page.page());
        if (kind == page.kind() && document == document_of[page.page()]) continue;
        run(database_, "UPDATE page SET kind = ?, document = ? WHERE pli_n = ? AND page = ?", page.kind(),
            document_of[page.page()], pli_n, page.page());
        count(total_of_page_kind(kind), -1);
        count(total_of_page_kind(page.kind()), 1);
    }
}

std::string SqlLedger::add_reading(std::int64_t pli_n, const v1::Reading& reading, const std::string& author) {
    const std::string stored = reading.SerializeAsString();
    run(database_,
        "INSERT INTO reading(pli_n, reading, decisions, revision, author, at_ms) VALUES(?1, ?2, x'', "
        "1 + (SELECT coalesce(max(revision), 0) FROM reading_past WHERE pli_n = ?1), ?3, ?4)",
        pli_n, Blob{stored}, author, now_ms());
    count_pages(pli_n, reading);
    note_nirs(pli_n, reading);
    return sha256_hex(stored);
}

void SqlLedger::keep_past_reading(std::int64_t pli_n) {
    run(database_,
        "INSERT INTO reading_past SELECT pli_n, revision, reading, decisions, author, at_ms FROM reading WHERE "
        "pli_n = ?",
        pli_n);
}

std::string SqlLedger::replace_reading(std::int64_t pli_n, const v1::Reading& reading, const std::string& author) {
    keep_past_reading(pli_n);
    const std::string stored = reading.SerializeAsString();
    run(database_, "UPDATE reading SET reading = ?, revision = revision + 1, author = ?, at_ms = ? WHERE pli_n = ?",
        Blob{stored}, author, now_ms(), pli_n);
    count_pages(pli_n, reading);
    note_nirs(pli_n, reading);
    return sha256_hex(stored);
}

void SqlLedger::forget_reading(std::int64_t pli_n) {
    keep_past_reading(pli_n);
    run(database_, "DELETE FROM reading WHERE pli_n = ?", pli_n);
    run(database_, "DELETE FROM nir WHERE pli_n = ?", pli_n);
    std::map<std::string, std::int64_t> pages;
    {
        Query query(database_, "SELECT kind, count(*) FROM page WHERE pli_n = ? GROUP BY kind", pli_n);
        while (query.next()) pages[query.text(0)] = query.integer(1);
    }
    for (const auto& [kind, number] : pages) {
        count(total_of_page_kind(kind), -number);
        count(Total::PagesInFlight, number);
    }
    run(database_, "UPDATE page SET kind = 'unread', document = 0 WHERE pli_n = ?", pli_n);
}

void SqlLedger::add_documents(std::int64_t pli_n, const v1::Reading& reading, const std::set<int>& numbers,
                              const std::string& actor) {
    for (const auto& document : reading.documents()) {
        if (!numbers.contains(document.id())) continue;
        const int master = master_of(reading, document);
        run(database_,
            "INSERT INTO document(pli_n, number, state, master, role, type, confidence, pages, due_ms, state_at_ms) "
            "VALUES(?,?,'READ',?,?,?,?,?,?,?)",
            pli_n, document.id(), master, master == 0 ? "master" : "attachment", document.type(), document.confidence(),
            document.pages_size(), now_ms(), now_ms());
        count(Total::Created, 1);
        count(Total::DocRead, 1);
        audit({.kind = "document.created",
               .pli_n = pli_n,
               .document = document.id(),
               .actor = actor,
               .to_state = "READ",
               .detail = document.type()});
    }
}

void SqlLedger::note_nirs(std::int64_t pli_n, const v1::Reading& reading) {
    run(database_, "DELETE FROM nir WHERE pli_n = ?", pli_n);
    for (const auto& document : reading.documents()) {
        for (const auto& field : document.fields()) {
            if (field.name() != "nir" && field.name() != "beneficiary_nir") continue;
            // What a person keyed without its key is as good as one that passed it; what was only read is not.
            if (field.status() != "valid" && field.source() != "keyed") continue;
            if (const auto digest = nir_digest_.of(field.value())) {
                run(database_, "INSERT INTO nir VALUES(?,?) ON CONFLICT DO NOTHING", Blob{*digest}, pli_n);
            }
        }
    }
}

void SqlLedger::refresh_nirs() {
    const std::string witness = hex_of(*nir_digest_.of(kWitness));
    {
        Query query(database_, "SELECT value FROM setting WHERE name = ?", kNirKeySetting);
        const bool known = query.next();
        if (known && query.text(0) == witness) return;
        // Other hubs find by theirs.
        if (known && database_.shared()) {
            throw std::runtime_error(
                "the key nir.key of this hub is not the installation's: copy it here from the ledger's folder of "
                "another hub");
        }
    }
    std::int64_t after = 0;
    for (bool more = true; more;) {
        std::vector<std::pair<std::int64_t, std::string>> readings;
        {
            Query query(database_, "SELECT pli_n, reading FROM reading WHERE pli_n > ? ORDER BY pli_n LIMIT 1000",
                        after);
            while (query.next()) readings.emplace_back(query.integer(0), query.text(1));
        }
        more = !readings.empty();
        for (const auto& [pli_n, bytes] : readings) {
            v1::Reading reading;
            parse_stored(reading, bytes);
            note_nirs(pli_n, reading);
            after = pli_n;
        }
    }
    run(database_, "INSERT INTO setting VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
        kNirKeySetting, witness);
}

}  // namespace pleiade::ledger
