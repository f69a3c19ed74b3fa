// What a keyer is shown under her lease: the documents, the pages that she may see, her draft.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "common/base/check.h"
#include "common/ledger/sql/rows.h"
#include "common/ledger/sql/sql_ledger.h"

namespace pleiade::ledger {

v1::KeyingJob SqlLedger::job_of(const Keying& keying) {
    v1::KeyingJob job;
    *job.mutable_lease() = lease_of(keying);
    {
        Query pli(database_, "SELECT id, state, context FROM pli WHERE n = ?", keying.pli_n);
        PLEIADE_CHECK(pli.next());
        job.set_pli_id(pli.text(0));
        job.set_pli_state(pli.text(1));
        parse_stored(*job.mutable_context(), pli.text(2));
    }
    fill_files(database_, keying.pli_n, *job.mutable_files(), *job.mutable_page_refs());
    const auto stored = stored_reading(keying.pli_n);
    PLEIADE_CHECK(stored.has_value());

    struct Row {
        std::int64_t n = 0;
        bool held = false;
        std::string returned_code, note, sent_to, skill, sent_note;
    };
    std::map<int, Row> rows;
    {
        Query query(database_,
                    "SELECT number, n, lease = ?2 AND state = 'KEYING', CASE back_state WHEN 'RETURNED' THEN back_code "
                    "ELSE '' END, note, sent_to, skill, sent_note FROM document WHERE pli_n = ?1 ORDER BY number",
                    keying.pli_n, keying.n);
        while (query.next()) {
            rows[static_cast<int>(query.integer(0))] = {query.integer(1), query.integer(2) != 0, query.text(3),
                                                        query.text(4),    query.text(5),         query.text(6),
                                                        query.text(7)};
        }
    }
    std::map<int, const v1::DocumentReading*> read;
    for (const auto& document : stored->reading.documents()) read[document.id()] = &document;
    std::map<int, const v1::Decision*> decided;
    for (const auto& decision : stored->decisions.decisions()) decided[decision.document()] = &decision;
    for (const auto& [number, row] : rows) {
        if (!row.held) {
            v1::DocumentRow other = load_document_row(database_, row.n);
            if (keying.medical || other.secrecy() == "normal") *job.add_others() = std::move(other);
            continue;
        }
        v1::KeyingDocument& document = *job.add_documents();
        *document.mutable_row() = load_document_row(database_, row.n);
        if (read.contains(number)) *document.mutable_reading() = *read[number];
        if (decided.contains(number)) *document.mutable_decision() = *decided[number];
        document.set_returned_code(row.returned_code);
        if (!row.returned_code.empty()) document.set_returned_note(row.note);
        document.set_sent_to(row.sent_to.empty() ? row.skill : row.sent_to);
        document.set_sent_note(row.sent_note);
    }
    fill_job_pages(keying, stored->reading, job);
    fill_draft(keying, job);
    return job;
}

// Without habilitation, a page of a medical document of the same pli is not shown, nor said to be there.
void SqlLedger::fill_job_pages(const Keying& keying, const v1::Reading& reading, v1::KeyingJob& job) {
    std::map<int, int> document_of;
    for (const auto& document : reading.documents()) {
        for (const int page : document.pages()) document_of[page] = document.id();
    }
    std::map<int, bool> may_see;  // document -> whether; absent: of another, hidden
    std::map<int, bool> held;
    Query query(database_, "SELECT number, secrecy, lease = ?2 AND state = 'KEYING' FROM document WHERE pli_n = ?1",
                keying.pli_n, keying.n);
    while (query.next()) {
        const int number = static_cast<int>(query.integer(0));
        may_see[number] = keying.medical || query.text(1) == "normal";
        held[number] = query.integer(2) != 0;
    }
    for (const auto& page : reading.pages()) {
        const auto found = document_of.find(page.page());
        const int document = found == document_of.end() ? 0 : found->second;
        if (document != 0 && !may_see[document]) continue;
        v1::KeyingPage& shown = *job.add_pages();
        *shown.mutable_reading() = page;
        shown.set_document(document);
        shown.set_editable(document == 0 || held[document]);
    }
    if (!keying.medical) {
        google::protobuf::RepeatedPtrField<v1::PageRef> refs;
        for (const auto& ref : job.page_refs()) {
            const bool shown = std::any_of(job.pages().begin(), job.pages().end(),
                                           [&](const auto& page) { return page.reading().page() == ref.page(); });
            if (shown) *refs.Add() = ref;
        }
        *job.mutable_page_refs() = std::move(refs);
    }
}

// Hers, else the latest of somebody else's; which may quote a medical document that she is not to see.
void SqlLedger::fill_draft(const Keying& keying, v1::KeyingJob& job) {
    std::string author;
    {
        Query query(database_,
                    "SELECT keyer FROM draft WHERE pli_n = ?1 GROUP BY keyer ORDER BY keyer = ?2 DESC, max(at_ms) "
                    "DESC LIMIT 1",
                    keying.pli_n, keying.keyer);
        if (!query.next()) return;
        author = query.text(0);
    }
    if (author != keying.keyer && !keying.medical) return;
    v1::Draft& draft = *job.mutable_draft();
    draft.set_by(author);
    Query query(database_, "SELECT path, value, at_ms FROM draft WHERE pli_n = ? AND keyer = ? ORDER BY path",
                keying.pli_n, author);
    while (query.next()) {
        v1::DraftEntry& entry = *draft.add_entries();
        entry.set_path(query.text(0));
        entry.set_value(query.text(1));
        draft.set_at_ms(std::max(draft.at_ms(), query.integer(2)));
    }
}

// Only the leases are remembered: what is said again is shown as it stands by then, and no content is kept twice.
v1::KeyingJobs SqlLedger::remember_jobs(const Asked& asked, v1::KeyingJobs jobs) {
    v1::KeyingJobs leases;
    for (const auto& job : jobs.jobs()) *leases.add_jobs()->mutable_lease() = job.lease();
    remember(asked, leases);
    return jobs;
}

v1::KeyingJobs SqlLedger::jobs_again(const v1::KeyingJobs& before) {
    v1::KeyingJobs jobs;
    for (const auto& job : before.jobs()) {
        const auto keying = find_keying(static_cast<std::int64_t>(job.lease().fence()));
        if (keying && keying->state == "OPEN") *jobs.add_jobs() = job_of(*keying);
    }
    return jobs;
}

}  // namespace pleiade::ledger
