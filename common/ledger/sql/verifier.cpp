#include "common/ledger/sql/verifier.h"

#include <fmt/format.h>
#include <sodium.h>
#include <unistd.h>

#include "common/base/check.h"
#include "common/base/sha256.h"
#include "common/ledger/sql/audit_chain.h"
#include "common/ledger/sql/rows.h"

namespace pleiade::ledger {
namespace {

std::string hex_of(const std::string& bytes) {
    std::string hex;
    for (const char byte : bytes) hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return hex;
}

bool begins_with(const std::string& text, const std::string& start) {
    return text.rfind(start, 0) == 0;
}

}  // namespace

Result<Verified> Verifier::run_all() {
    PLEIADE_CHECK(sodium_init() >= 0);
    if (auto good = check_file(); !good) return pass_on(good);
    if (auto good = check_chain(); !good) return pass_on(good);
    if (auto good = check_plis(); !good) return pass_on(good);
    if (auto good = check_lots(); !good) return pass_on(good);
    if (auto good = check_totals(); !good) return pass_on(good);
    return found_;
}

Result<void> Verifier::check_file() {
    if (database_.sound()) return {};
    return invalid("LEDGER_DAMAGED",
                   "the ledger's file is damaged; restore the last backup, then scan again what is newer");
}

Result<void> Verifier::check_chain() {
    std::int64_t expected = 1;
    std::string head = first_prev();
    std::int64_t opened = 0;
    Query query(database_, Scan{},
                "SELECT seq, at_ms, kind, pli_n, document, actor, from_state, to_state, code, ref, detail, prev, hash "
                "FROM audit ORDER BY seq");
    while (query.next()) {
        SealedEntry sealed;
        sealed.seq = query.integer(0);
        sealed.at_ms = query.integer(1);
        sealed.entry = {query.text(2), query.integer(3), query.integer(4), query.text(5), query.text(6),
                        query.text(7), query.text(8),    query.text(9),    query.text(10)};
        sealed.prev = query.text(11);
        sealed.hash = query.text(12);
        if (sealed.seq != expected) {
            return invalid("AUDIT_BROKEN", fmt::format("audit entry {} is missing", expected));
        }
        if (sealed.prev != head || sealed.hash != audit_hash(sealed)) {
            return invalid("AUDIT_BROKEN", fmt::format("audit entry {} is not the one that was sealed", sealed.seq));
        }
        head = sealed.hash;
        ++expected;
        if (sealed.entry.kind == "ledger.opened") ++opened;
        if (sealed.entry.pli_n > 0) ++entries_of_plis_;
    }
    found_.audit_entries = expected - 1;
    found_.head = hex_of(head);
    Query end(database_, "SELECT seq, hash, (SELECT epoch FROM epoch) FROM audit_head");
    if (!end.next() || end.integer(0) != expected - 1 || end.text(1) != head || end.integer(2) != opened) {
        return invalid("AUDIT_BROKEN", fmt::format("the audit journal is cut after entry {}", expected - 1));
    }
    return {};
}

Result<void> Verifier::check_plis() {
    std::int64_t entries_left = entries_of_plis_;
    entries_of_plis_ = 0;
    Query query(database_, Scan{}, "SELECT n, id, state, files_key FROM pli ORDER BY n");
    while (query.next()) {
        const Pli pli{query.integer(0), query.text(1), query.text(2), query.text(3)};
        if (auto good = check_pli(pli); !good) return good;
        ++found_.plis;
    }
    entries_left -= entries_of_plis_;
    if (entries_left != 0) return invalid("STATE_NOT_ITS_AUDIT", "audit entries are about a pli that is not there");
    return {};
}

Result<void> Verifier::check_pli(const Pli& pli) {
    const auto folded = fold(pli);
    if (!folded) return pass_on(folded);
    if (folded->pli_state != pli.state) {
        return invalid("STATE_NOT_ITS_AUDIT",
                       fmt::format("pli {} is {} and its audit says {}", pli.id, pli.state, folded->pli_state));
    }
    recount_.add(total_of_pli_state(pli.state), 1);
    if (auto good = check_contents(pli, *folded); !good) return good;
    if (auto good = check_pages(pli); !good) return good;
    if (auto good = check_documents(pli, *folded); !good) return good;
    if (auto good = check_deliveries(pli, *folded); !good) return good;
    return check_stored_files(pli);
}

// State = fold of the audit entries, each starting where the one before it ended.
Result<Verifier::Fold> Verifier::fold(const Pli& pli) {
    Fold fold;
    Query query(
        database_,
        "SELECT seq, kind, document, from_state, to_state, ref, detail FROM audit WHERE pli_n = ? AND pli_n > 0 "
        "ORDER BY seq",
        pli.n);
    while (query.next()) {
        ++entries_of_plis_;
        const std::string kind = query.text(1);
        const std::string ref = query.text(5);
        const std::string detail = query.text(6);
        if (kind == "page.seen") continue;  // moves nothing
        std::string* state = nullptr;
        if (begins_with(kind, "pli.")) state = &fold.pli_state;
        if (begins_with(kind, "document.")) state = &fold.documents[query.integer(2)];
        if (begins_with(kind, "delivery.")) {
            state = &fold.deliveries[ref];
            fold.destinations[ref] = detail;
        }
        if (state == nullptr || *state != query.text(3)) {
            return invalid("STATE_NOT_ITS_AUDIT",
                           fmt::format("audit entry {} does not follow from the one before it", query.integer(0)));
        }
        *state = query.text(4);
        if (kind == "pli.registered" && (ref != pli.id || !begins_with(detail, pli.files_key + " "))) {
            return invalid("CONTENT_ALTERED", fmt::format("pli {} is not the one that was registered", pli.id));
        }
        if (kind == "pli.read" || kind == "pli.keyed") fold.readings.push_back(detail.substr(0, 64));
        if (kind == "pli.read" || kind == "pli.keyed") fold.is_read = true;
        if (kind == "pli.reread") fold.is_read = false;
        if (kind == "pli.read" || kind == "pli.reread") fold.decisions_sha256.clear();
        if (kind == "pli.routed") fold.decisions_sha256 = detail.substr(0, 64);
    }
    return fold;
}

Result<void> Verifier::check_contents(const Pli& pli, const Fold& fold) {
    Sha256 files;
    Query file(database_, "SELECT sha256 FROM file WHERE pli_n = ? ORDER BY file", pli.n);
    while (file.next()) files.update(file.text(0) + "\n");
    Query page(database_, "SELECT page, file, idx FROM page WHERE pli_n = ? ORDER BY page", pli.n);
    while (page.next()) {
        files.update(fmt::format("{} {}:{}\n", page.integer(0), page.integer(1), page.integer(2)));
    }
    if (files.finish_hex() != pli.files_key) {
        return invalid("CONTENT_ALTERED", fmt::format("the files or pages of pli {} are not those registered", pli.id));
    }
    Query stored(database_, "SELECT reading, decisions FROM reading WHERE pli_n = ?", pli.n);
    const bool is_read = stored.next();
    if (is_read != fold.is_read || (is_read && sha256_hex(stored.text(0)) != fold.readings.back())) {
        return invalid("CONTENT_ALTERED", fmt::format("the reading of pli {} is not the one that was made", pli.id));
    }
    if (auto good = check_past_readings(pli, fold); !good) return good;
    if (auto good = check_reasons(pli); !good) return good;
    const bool is_routed = is_read && !stored.text(1).empty();
    if (is_routed == fold.decisions_sha256.empty() ||
        (is_routed && sha256_hex(stored.text(1)) != fold.decisions_sha256)) {
        return invalid("CONTENT_ALTERED", fmt::format("the decisions on pli {} are not those taken", pli.id));
    }
    Query task(database_, "SELECT stage FROM task WHERE pli_n = ? AND state IN ('READY','LEASED','WAITING')", pli.n);
    while (task.next()) recount_.add(total_of_stage(task.text(0)), 1);
    return {};
}

// The journal holds the digest of each reason that a person gave.
Result<void> Verifier::check_reasons(const Pli& pli) {
    Query query(database_,
                "SELECT a.seq, a.detail, t.reason FROM audit a LEFT JOIN act t ON t.seq = a.seq WHERE a.pli_n = ? AND "
                "a.pli_n > 0 AND a.kind = 'pli.act' AND a.detail <> ''",
                pli.n);
    while (query.next()) {
        if (!query.null(2) && sha256_hex(query.text(2)) == query.text(1)) continue;
        return invalid("CONTENT_ALTERED",
                       fmt::format("the reason of audit entry {} is not the one given", query.integer(0)));
    }
    return {};
}

// What was read before a person changed it, in order.
Result<void> Verifier::check_past_readings(const Pli& pli, const Fold& fold) {
    const std::size_t past = fold.readings.size() - (fold.is_read ? 1 : 0);
    std::size_t revision = 0;
    Query query(database_, "SELECT revision, reading FROM reading_past WHERE pli_n = ? ORDER BY revision", pli.n);
    while (query.next()) {
        const bool same = revision < past && query.integer(0) == static_cast<std::int64_t>(revision) + 1 &&
                          sha256_hex(query.text(1)) == fold.readings[revision];
        if (!same) {
            return invalid("CONTENT_ALTERED",
                           fmt::format("reading {} of pli {} is not the one that was made", query.integer(0), pli.id));
        }
        ++revision;
    }
    if (revision == past) return {};
    return invalid("CONTENT_ALTERED", fmt::format("pli {} has lost a former reading", pli.id));
}

// The pages as counted are the pages as read.
Result<void> Verifier::check_pages(const Pli& pli) {
    std::map<std::int64_t, std::pair<std::string, std::int64_t>> read;  // page -> kind, document
    Query stored(database_, "SELECT reading FROM reading WHERE pli_n = ?", pli.n);
    if (stored.next()) {
        v1::Reading reading;
        parse_stored(reading, stored.text(0));
        for (const auto& page : reading.pages()) read[page.page()] = {page.kind(), 0};
        for (const auto& document : reading.documents()) {
            for (const int page : document.pages()) read[page].second = document.id();
        }
    }
    std::size_t pages = 0;
    Query query(database_, "SELECT page, kind, document FROM page WHERE pli_n = ?", pli.n);
    while (query.next()) {
        ++pages;
        const auto expected = read.find(query.integer(0));
        const bool same = expected == read.end() ? read.empty() && query.text(1) == "unread"
                                                 : expected->second == std::pair(query.text(1), query.integer(2));
        if (!same) {
            return invalid("CONTENT_ALTERED",
                           fmt::format("page {} of pli {} is not as it was read", query.integer(0), pli.id));
        }
        recount_.add(total_of_page_kind(query.text(1)), 1);
        recount_.add(Total::PagesScanned, 1);
        ++found_.pages;
    }
    if (!read.empty() && pages != read.size()) {
        return invalid("CONTENT_ALTERED", fmt::format("pli {} has lost a page", pli.id));
    }
    return {};
}

Result<void> Verifier::check_documents(const Pli& pli, const Fold& fold) {
    std::size_t documents = 0;
    Query query(database_, "SELECT number, state FROM document WHERE pli_n = ?", pli.n);
    while (query.next()) {
        ++documents;
        const auto said = fold.documents.find(query.integer(0));
        if (said == fold.documents.end() || said->second != query.text(1)) {
            return invalid("STATE_NOT_ITS_AUDIT", fmt::format("document {}-{} is {} and its audit does not say so",
                                                              pli.id, query.integer(0), query.text(1)));
        }
        recount_.add(total_of_document_state(query.text(1)), 1);
        recount_.add(Total::Created, 1);
        ++found_.documents;
    }
    if (documents == fold.documents.size()) return {};
    return invalid("STATE_NOT_ITS_AUDIT", fmt::format("pli {} has lost a document", pli.id));
}

Result<void> Verifier::check_deliveries(const Pli& pli, const Fold& fold) {
    std::size_t deliveries = 0;
    std::map<std::int64_t, std::map<std::string, int>> by_document;
    Query query(database_,
                "SELECT v.id, v.state, v.caisse || '/' || v.service, d.number, d.state, v.revision = d.revision FROM "
                "delivery v JOIN document d ON d.n = v.document_n WHERE d.pli_n = ?",
                pli.n);
    while (query.next()) {
        ++deliveries;
        const std::string id = query.text(0);
        const auto said = fold.deliveries.find(id);
        if (said == fold.deliveries.end() || said->second != query.text(1) ||
            fold.destinations.at(id) != query.text(2)) {
            return invalid("STATE_NOT_ITS_AUDIT", fmt::format("a delivery of document {}-{} is not as its audit says",
                                                              pli.id, query.integer(3)));
        }
        // Of how it went out last: what it was before was returned or withdrawn.
        if (query.text(4) == "CLOSED" && query.integer(5) != 0 && query.text(1) != "CLOSED") {
            return invalid("STATE_NOT_ITS_AUDIT", fmt::format("document {}-{} is closed and a recipient has no receipt",
                                                              pli.id, query.integer(3)));
        }
        ++found_.deliveries;
    }
    if (deliveries == fold.deliveries.size()) return {};
    return invalid("STATE_NOT_ITS_AUDIT", fmt::format("pli {} has lost a delivery", pli.id));
}

Result<void> Verifier::check_stored_files(const Pli& pli) {
    if (vault_ == nullptr) return {};
    Query query(database_, "SELECT DISTINCT sha256 FROM file WHERE pli_n = ?", pli.n);
    while (query.next()) {
        const auto whole = vault_->check(PliId(pli.id), query.text(0));
        if (!whole) {
            return fail(whole.error().kind, whole.error().code,
                        fmt::format("pli {}, file {}: {}", pli.id, query.text(0), whole.error().message));
        }
        ++found_.files;
    }
    return {};
}

Result<void> Verifier::check_lots() {
    Query query(database_,
                "SELECT lot, announced, received, registered, rejected, "
                "(SELECT count(*) FROM pli WHERE lot_n = lot.n), "
                "(SELECT coalesce(sum(counted), 0) FROM rejection WHERE lot_n = lot.n) FROM lot");
    while (query.next()) {
        const bool holds = query.integer(2) == query.integer(3) + query.integer(4) &&
                           query.integer(1) >= query.integer(2) && query.integer(3) == query.integer(5) &&
                           query.integer(4) == query.integer(6);
        if (!holds) return invalid("EQUATION_BROKEN", fmt::format("the plis of lot {} do not add up", query.text(0)));
        recount_.add(Total::Announced, query.integer(1));
        recount_.add(Total::Received, query.integer(2));
        recount_.add(Total::Registered, query.integer(3));
        recount_.add(Total::Rejected, query.integer(4));
        recount_.add(Total::Missing, query.integer(1) - query.integer(2));
        ++found_.lots;
    }
    Query rejections(
        database_, "SELECT (SELECT count(*) FROM rejection), (SELECT count(*) FROM audit WHERE kind = 'pli.rejected')");
    if (!rejections.next() || rejections.integer(0) != rejections.integer(1)) {
        return invalid("STATE_NOT_ITS_AUDIT", "a rejection is not in the audit journal, or the journal's is gone");
    }
    return {};
}

Result<void> Verifier::check_totals() {
    const Totals kept = Totals::load(database_);
    if (const std::string broken = kept.broken_equation(); !broken.empty()) return invalid("EQUATION_BROKEN", broken);
    if (kept == recount_) return {};
    for (std::size_t i = 0; i < Totals::kSize; ++i) {
        const auto total = static_cast<Total>(i);
        if (kept[total] == recount_[total]) continue;
        return invalid("EQUATION_BROKEN", fmt::format("the ledger counts {} = {} and its rows give {}",
                                                      Totals::names().at(i), kept[total], recount_[total]));
    }
    return {};
}

}  // namespace pleiade::ledger
