#include "common/ledger/sqlite/schema.h"

#include <array>
#include <string>
#include <tuple>
#include <vector>

#include "common/ledger/sql/endorsers.h"
#include "common/ledger/sql/injected.h"
#include "common/ledger/sql/rows.h"

namespace pleiade::ledger {
namespace {

// Step k brings schema k to k + 1. A step that has been released is never edited.
constexpr std::array<const char*, 3> kSteps = {R"sql(
CREATE TABLE epoch(one INTEGER PRIMARY KEY CHECK(one = 1), epoch INTEGER NOT NULL) STRICT;
INSERT INTO epoch VALUES(1, 0);

-- Where the journal ends, so that a cut at its end shows.
CREATE TABLE audit_head(one INTEGER PRIMARY KEY CHECK(one = 1), seq INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
INSERT INTO audit_head VALUES(1, 0, zeroblob(32));

CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- One row; the conservation equations are its constraints, so that no program can commit a state that breaks one.
CREATE TABLE totals(
  one INTEGER PRIMARY KEY CHECK(one = 1),
  announced INTEGER NOT NULL DEFAULT 0 CHECK(announced >= 0),
  received INTEGER NOT NULL DEFAULT 0 CHECK(received >= 0),
  registered INTEGER NOT NULL DEFAULT 0 CHECK(registered >= 0),
  rejected INTEGER NOT NULL DEFAULT 0 CHECK(rejected >= 0),
  missing INTEGER NOT NULL DEFAULT 0 CHECK(missing >= 0),
  pli_registered INTEGER NOT NULL DEFAULT 0 CHECK(pli_registered >= 0),
  pli_reading INTEGER NOT NULL DEFAULT 0 CHECK(pli_reading >= 0),
  pli_read INTEGER NOT NULL DEFAULT 0 CHECK(pli_read >= 0),
  pli_held INTEGER NOT NULL DEFAULT 0 CHECK(pli_held >= 0),
  pli_quarantined INTEGER NOT NULL DEFAULT 0 CHECK(pli_quarantined >= 0),
  created INTEGER NOT NULL DEFAULT 0 CHECK(created >= 0),
  doc_read INTEGER NOT NULL DEFAULT 0 CHECK(doc_read >= 0),
  doc_to_key INTEGER NOT NULL DEFAULT 0 CHECK(doc_to_key >= 0),
  doc_keying INTEGER NOT NULL DEFAULT 0 CHECK(doc_keying >= 0),
  doc_queued INTEGER NOT NULL DEFAULT 0 CHECK(doc_queued >= 0),
  doc_taken INTEGER NOT NULL DEFAULT 0 CHECK(doc_taken >= 0),
  doc_delivered INTEGER NOT NULL DEFAULT 0 CHECK(doc_delivered >= 0),
  doc_closed INTEGER NOT NULL DEFAULT 0 CHECK(doc_closed >= 0),
  doc_returned INTEGER NOT NULL DEFAULT 0 CHECK(doc_returned >= 0),
  doc_held INTEGER NOT NULL DEFAULT 0 CHECK(doc_held >= 0),
  doc_rescan INTEGER NOT NULL DEFAULT 0 CHECK(doc_rescan >= 0),
  doc_quarantined INTEGER NOT NULL DEFAULT 0 CHECK(doc_quarantined >= 0),
  doc_rejected INTEGER NOT NULL DEFAULT 0 CHECK(doc_rejected >= 0),
  doc_superseded INTEGER NOT NULL DEFAULT 0 CHECK(doc_superseded >= 0),
  doc_purged INTEGER NOT NULL DEFAULT 0 CHECK(doc_purged >= 0),
  pages_scanned INTEGER NOT NULL DEFAULT 0 CHECK(pages_scanned >= 0),
  pages_in_flight INTEGER NOT NULL DEFAULT 0 CHECK(pages_in_flight >= 0),
  pages_in_documents INTEGER NOT NULL DEFAULT 0 CHECK(pages_in_documents >= 0),
  pages_blank INTEGER NOT NULL DEFAULT 0 CHECK(pages_blank >= 0),
  pages_separator INTEGER NOT NULL DEFAULT 0 CHECK(pages_separator >= 0),
  pages_envelope INTEGER NOT NULL DEFAULT 0 CHECK(pages_envelope >= 0),
  tasks_read INTEGER NOT NULL DEFAULT 0 CHECK(tasks_read >= 0),
  tasks_route INTEGER NOT NULL DEFAULT 0 CHECK(tasks_route >= 0),
  CHECK(received = registered + rejected),
  CHECK(announced = received + missing),
  CHECK(registered = pli_registered + pli_reading + pli_read + pli_held + pli_quarantined),
  CHECK(tasks_read = pli_registered + pli_reading),
  CHECK(created = doc_read + doc_to_key + doc_keying + doc_queued + doc_taken + doc_delivered + doc_closed + doc_returned
        + doc_held + doc_rescan + doc_quarantined + doc_rejected + doc_superseded + doc_purged),
  CHECK(pages_scanned = pages_in_flight + pages_in_documents + pages_blank + pages_separator + pages_envelope)
) STRICT;
INSERT INTO totals(one) VALUES(1);

CREATE TABLE lot(
  n INTEGER PRIMARY KEY,
  lot TEXT NOT NULL UNIQUE,
  opened INTEGER NOT NULL CHECK(opened IN (0, 1)),
  content_sha256 TEXT NOT NULL,
  manifest TEXT NOT NULL,
  caisse TEXT NOT NULL,
  loose_file INTEGER NOT NULL,
  announced_pages INTEGER NOT NULL,
  announced INTEGER NOT NULL,
  received INTEGER NOT NULL,
  registered INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  opened_at_ms INTEGER NOT NULL,
  CHECK(received = registered + rejected),
  CHECK(announced >= received)
) STRICT;

CREATE TABLE pli(
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  lot_n INTEGER NOT NULL REFERENCES lot(n),
  pli TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('REGISTERED','READING','READ','HELD','QUARANTINED')),
  caisse TEXT NOT NULL,
  registered_mail INTEGER NOT NULL,
  files_key TEXT NOT NULL,
  context BLOB NOT NULL,
  manifest TEXT NOT NULL,
  pages INTEGER NOT NULL,
  registered_at_ms INTEGER NOT NULL,
  UNIQUE(lot_n, pli)
) STRICT;
CREATE INDEX pli_files_key ON pli(files_key);
CREATE INDEX pli_aside ON pli(n) WHERE state IN ('HELD','QUARANTINED');

CREATE TABLE file(
  pli_n INTEGER NOT NULL REFERENCES pli(n), file INTEGER NOT NULL,
  sha256 TEXT NOT NULL, size_bytes INTEGER NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY(pli_n, file)
) STRICT, WITHOUT ROWID;

CREATE TABLE page(
  pli_n INTEGER NOT NULL REFERENCES pli(n), page INTEGER NOT NULL,
  file INTEGER NOT NULL, idx INTEGER NOT NULL, known TEXT NOT NULL,
  kind TEXT NOT NULL CHECK(kind IN ('unread','document','blank','separator','envelope')),
  document INTEGER NOT NULL,
  PRIMARY KEY(pli_n, page),
  CHECK((kind = 'document') = (document > 0))
) STRICT, WITHOUT ROWID;

CREATE TABLE reading(
  pli_n INTEGER PRIMARY KEY REFERENCES pli(n),
  reading BLOB NOT NULL, decisions BLOB NOT NULL
) STRICT;

CREATE TABLE task(
  n INTEGER PRIMARY KEY,
  pli_n INTEGER NOT NULL REFERENCES pli(n),
  stage TEXT NOT NULL CHECK(stage IN ('read','route')),
  state TEXT NOT NULL CHECK(state IN ('READY','LEASED','WAITING','DONE','DEAD')),
  rank INTEGER NOT NULL,
  caisse TEXT NOT NULL,
  fence INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  crashes INTEGER NOT NULL DEFAULT 0,
  crash_workers TEXT NOT NULL DEFAULT '',
  backoff_ms INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL DEFAULT 0,
  worker TEXT NOT NULL DEFAULT '',
  incarnation INTEGER NOT NULL DEFAULT 0,
  request_id BLOB NOT NULL DEFAULT x'',
  result_sha256 TEXT NOT NULL DEFAULT '',
  UNIQUE(pli_n, stage)
) STRICT;
CREATE INDEX task_ready ON task(stage, rank, caisse, n) WHERE state = 'READY';
CREATE INDEX task_leased ON task(worker) WHERE state = 'LEASED';
CREATE INDEX task_waiting ON task(next_at) WHERE state = 'WAITING';

CREATE TABLE document(
  n INTEGER PRIMARY KEY,
  pli_n INTEGER NOT NULL REFERENCES pli(n),
  number INTEGER NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('READ','TO_KEY','KEYING','QUEUED','TAKEN','DELIVERED','CLOSED','RETURNED','HELD',
    'RESCAN_REQUESTED','QUARANTINED','REJECTED','SUPERSEDED','PURGED')),
  master INTEGER NOT NULL,
  role TEXT NOT NULL,
  type TEXT NOT NULL,
  confidence REAL NOT NULL,
  pages INTEGER NOT NULL,
  decision TEXT NOT NULL DEFAULT '',
  secrecy TEXT NOT NULL DEFAULT 'medical',
  caisse TEXT NOT NULL DEFAULT '',
  service TEXT NOT NULL DEFAULT '',
  priority TEXT NOT NULL DEFAULT '',
  due TEXT NOT NULL DEFAULT '',
  legal_due TEXT NOT NULL DEFAULT '',
  due_ms INTEGER NOT NULL,
  revision INTEGER NOT NULL DEFAULT 0,
  fence INTEGER NOT NULL DEFAULT 0,
  code TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  state_at_ms INTEGER NOT NULL,
  UNIQUE(pli_n, number)
) STRICT;
CREATE INDEX document_state ON document(state, due_ms, n) WHERE master = 0;

CREATE TABLE delivery(
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  document_n INTEGER NOT NULL REFERENCES document(n),
  kind TEXT NOT NULL CHECK(kind IN ('main','copy')),
  caisse TEXT NOT NULL,
  service TEXT NOT NULL,
  priority TEXT NOT NULL,
  due TEXT NOT NULL,
  due_ms INTEGER NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('QUEUED','TAKEN','CLOSED','RETURNED','WITHDRAWN')),
  fence INTEGER NOT NULL DEFAULT 0,
  taken_by TEXT NOT NULL DEFAULT '',
  lease_ms INTEGER NOT NULL DEFAULT 0,
  queued_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX delivery_document ON delivery(document_n);
CREATE INDEX delivery_queue ON delivery(caisse, service, state, due_ms, n);
CREATE INDEX delivery_open ON delivery(caisse, service, priority, state, queued_at_ms, due_ms)
  WHERE state IN ('QUEUED','TAKEN');
CREATE INDEX delivery_queued_at ON delivery(queued_at_ms);
CREATE INDEX delivery_ended_at ON delivery(ended_at_ms) WHERE ended_at_ms > 0;

CREATE TABLE rejection(
  n INTEGER PRIMARY KEY,
  lot_n INTEGER NOT NULL REFERENCES lot(n),
  pli TEXT NOT NULL, file TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, sha256 TEXT NOT NULL,
  counted INTEGER NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX rejection_lot ON rejection(lot_n, pli);

CREATE TABLE quarantine(
  n INTEGER PRIMARY KEY,
  pli_n INTEGER NOT NULL REFERENCES pli(n),
  stage TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, attempts INTEGER NOT NULL, at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX quarantine_pli ON quarantine(pli_n);

CREATE TABLE inbox(
  key TEXT PRIMARY KEY, type TEXT NOT NULL, request_sha256 TEXT NOT NULL, reply BLOB NOT NULL, at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit(
  seq INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  pli_n INTEGER NOT NULL,
  document INTEGER NOT NULL,
  actor TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  code TEXT NOT NULL,
  ref TEXT NOT NULL,
  detail TEXT NOT NULL,
  prev BLOB NOT NULL CHECK(length(prev) = 32),
  hash BLOB NOT NULL CHECK(length(hash) = 32)
) STRICT;
CREATE INDEX audit_pli ON audit(pli_n) WHERE pli_n > 0;
)sql",
                                               R"sql(
-- Keying, recovery verbs, search.
ALTER TABLE pli ADD COLUMN received_on TEXT NOT NULL DEFAULT '';
ALTER TABLE pli ADD COLUMN registered_number TEXT NOT NULL DEFAULT '';
CREATE INDEX pli_received ON pli(received_on, n);
CREATE INDEX pli_registered_number ON pli(registered_number) WHERE registered_number <> '';
CREATE TABLE endorser(
  endorser TEXT NOT NULL, pli_n INTEGER NOT NULL REFERENCES pli(n), PRIMARY KEY(endorser, pli_n)
) STRICT, WITHOUT ROWID;
CREATE INDEX endorser_pli ON endorser(pli_n);
-- Keyed digest of each valid NIR of a pli's reading: found by who has the key, told by nobody who reads the table.
CREATE TABLE nir(
  digest BLOB NOT NULL, pli_n INTEGER NOT NULL REFERENCES pli(n), PRIMARY KEY(digest, pli_n)
) STRICT, WITHOUT ROWID;
CREATE INDEX nir_pli ON nir(pli_n);
CREATE INDEX lot_off_balance ON lot(n) WHERE announced > received;

ALTER TABLE reading ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE reading ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE reading ADD COLUMN at_ms INTEGER NOT NULL DEFAULT 0;
-- What was read before a person changed it, or before it was read again.
CREATE TABLE reading_past(
  pli_n INTEGER NOT NULL REFERENCES pli(n), revision INTEGER NOT NULL,
  reading BLOB NOT NULL, decisions BLOB NOT NULL, author TEXT NOT NULL, at_ms INTEGER NOT NULL,
  PRIMARY KEY(pli_n, revision)
) STRICT;

ALTER TABLE document ADD COLUMN cost INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN lease INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN back_state TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN back_code TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN sent_to TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN skill TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN sent_note TEXT NOT NULL DEFAULT '';
-- Holds what `next` filters on, so that a filter which finds nothing reads the index only.
CREATE INDEX document_to_key ON document(state, due_ms, cost DESC, n, type, secrecy, caisse, skill, sent_to)
  WHERE master = 0 AND state IN ('TO_KEY','RETURNED');
CREATE INDEX document_sent_to ON document(sent_to) WHERE sent_to <> '';
CREATE INDEX document_lease ON document(lease) WHERE lease > 0;
CREATE INDEX document_type ON document(type, pli_n);
CREATE INDEX document_service ON document(service, pli_n) WHERE service <> '';
CREATE INDEX document_caisse ON document(caisse, pli_n) WHERE caisse <> '';
CREATE INDEX pli_caisse ON pli(caisse, n);

-- Of the document when it went out: what was returned or withdrawn before is history.
ALTER TABLE delivery ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

-- One row per lease of a person; `n` is its fence. document_n = 0: all that waits in the pli.
CREATE TABLE keying(
  n INTEGER PRIMARY KEY,
  pli_n INTEGER NOT NULL REFERENCES pli(n),
  document_n INTEGER NOT NULL,
  keyer TEXT NOT NULL,
  medical INTEGER NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('OPEN','VALIDATED','RELEASED','LAPSED','HELD','SENT','UNDONE')),
  started_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX keying_open ON keying(pli_n) WHERE state = 'OPEN';
CREATE INDEX keying_validated ON keying(keyer, n) WHERE state = 'VALIDATED';
CREATE TABLE draft(
  pli_n INTEGER NOT NULL REFERENCES pli(n), keyer TEXT NOT NULL, path TEXT NOT NULL, value TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY(pli_n, keyer, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_keyer ON draft(keyer, pli_n);

-- The reasons that people give, beside the audit entry (`seq`) that holds their digest.
CREATE TABLE act(
  seq INTEGER PRIMARY KEY, pli_n INTEGER NOT NULL REFERENCES pli(n), reason TEXT NOT NULL
) STRICT;
CREATE INDEX act_pli ON act(pli_n);

CREATE TABLE recall(
  n INTEGER PRIMARY KEY,
  delivery_n INTEGER NOT NULL REFERENCES delivery(n),
  actor TEXT NOT NULL, reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('ASKED','ACCEPTED','REFUSED')),
  at_ms INTEGER NOT NULL,
  answered_by TEXT NOT NULL DEFAULT '', answered_at_ms INTEGER NOT NULL DEFAULT 0, answer TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX recall_delivery ON recall(delivery_n);
)sql",
                                               R"sql(
-- Accounts, sessions, keys of services' machines. Lists (roles, skills, services, caisses) are words between spaces. A name
-- never serves twice: who is removed stays, since the journal names her.
CREATE TABLE account(
  name TEXT PRIMARY KEY, display_name TEXT NOT NULL,
  roles TEXT NOT NULL, skills TEXT NOT NULL, services TEXT NOT NULL, caisses TEXT NOT NULL, medical INTEGER NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('ACTIVE','LOCKED','REMOVED')),
  subject TEXT NOT NULL DEFAULT '',
  password TEXT NOT NULL DEFAULT '', must_change INTEGER NOT NULL DEFAULT 0,
  created_at_ms INTEGER NOT NULL, changed_at_ms INTEGER NOT NULL, last_login_at_ms INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0, locked_until_ms INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX account_subject ON account(subject) WHERE subject <> '' AND state <> 'REMOVED';
CREATE TABLE session(
  id_hash BLOB PRIMARY KEY CHECK(length(id_hash) = 32), account TEXT NOT NULL REFERENCES account(name), method TEXT NOT NULL,
  opened_at_ms INTEGER NOT NULL, seen_at_ms INTEGER NOT NULL, authenticated_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_account ON session(account);
CREATE INDEX session_opened ON session(opened_at_ms);
CREATE TABLE api_key(
  name TEXT PRIMARY KEY, key_hash BLOB NOT NULL UNIQUE CHECK(length(key_hash) = 32),
  caisse TEXT NOT NULL, service TEXT NOT NULL, created_by TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL, revoked_at_ms INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
)sql"};

// What a step must compute rather than copy; runs in the step's transaction, after its SQL.
void fill_search_columns(Database& database) {
    std::int64_t after = 0;
    for (;;) {
        std::vector<std::tuple<std::int64_t, std::string, std::string>> plis;
        {
            Query query(database, "SELECT n, context, manifest FROM pli WHERE n > ? ORDER BY n LIMIT 1000", after);
            while (query.next()) plis.emplace_back(query.integer(0), query.text(1), query.text(2));
        }
        if (plis.empty()) return;
        for (const auto& [n, bytes, manifest] : plis) {
            v1::PliContext context;
            parse_stored(context, bytes);
            run(database, "UPDATE pli SET received_on = ?, registered_number = ? WHERE n = ?", context.received_on(),
                plain_number(context.registered_mail()), n);
            store_endorsers(database, n, manifest);
            after = n;
        }
    }
}

// What lists are read by, soonest due first. No step of the schema: a program that does not know them keeps them up to
// date all the same, and a store that has none gets them when it is next opened (half a minute for a million plis).
constexpr const char* kListIndexes =
    "CREATE INDEX IF NOT EXISTS document_due ON document(due_ms, n) WHERE master = 0;"
    "CREATE INDEX IF NOT EXISTS document_type_due ON document(type, due_ms, n) WHERE master = 0;"
    "CREATE INDEX IF NOT EXISTS document_replaced ON document(state, pli_n) WHERE state IN ('SUPERSEDED','PURGED');";

int schema_of(Database& database) {
    Query query(database, "PRAGMA user_version");
    return query.next() ? static_cast<int>(query.integer(0)) : 0;
}

}  // namespace

int current_schema() {
    return static_cast<int>(kSteps.size());
}

void migrate(Database& database, int to) {
    int schema = schema_of(database);
    if (schema > current_schema()) require_current_schema(database);
    for (; schema < to; ++schema) {
        database.execute_script("BEGIN IMMEDIATE");
        database.execute_script(kSteps.at(static_cast<std::size_t>(schema)));
        if (schema == 1) fill_search_columns(database);
        fail_if(PLEIADE_FAILPOINT("ledger.mid_migration"));
        database.execute_script("PRAGMA user_version=" + std::to_string(schema + 1));
        database.execute_script("COMMIT");
    }
}

void migrate(Database& database) {
    migrate(database, current_schema());
    database.execute_script(kListIndexes);
}

void require_current_schema(Database& database) {
    const int schema = schema_of(database);
    if (schema == current_schema()) return;
    throw StoreError("the ledger has schema " + std::to_string(schema) + " and this program knows " +
                         std::to_string(current_schema()) +
                         (schema > current_schema() ? "; start the newer program that wrote it"
                                                    : "; start the hub, which brings it up to date"),
                     StoreFault::OtherSchema);
}

}  // namespace pleiade::ledger
