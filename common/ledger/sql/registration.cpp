// What ingest says: lots, plis, rejections.
#include <fmt/format.h>

#include <map>
#include <set>

#include "common/base/sha256.h"
#include "common/ledger/sql/endorsers.h"
#include "common/ledger/sql/injected.h"
#include "common/ledger/sql/sql_ledger.h"
#include "common/ledger/sql/times.h"

namespace pleiade::ledger {
namespace {

Result<void> check(const v1::Register& pli) {
    if (pli.context().lot().empty() || pli.context().pli().empty()) {
        return invalid("PLI_INVALID", "a pli needs its lot and its rank in it");
    }
    if (pli.files().empty() || pli.pages().empty()) return invalid("PLI_INVALID", "a pli needs a file and a page");
    for (const auto& file : pli.files()) {
        if (!is_sha256_hex(file.sha256())) return invalid("PLI_INVALID", "a file is named by its SHA-256");
    }
    std::set<int> pages;
    for (const auto& page : pli.pages()) {
        if (page.page() < 0 || page.index() < 0 || page.file() < 0 || page.file() >= pli.files_size()) {
            return invalid("PLI_INVALID", "a page is an image of one of the pli's files");
        }
        if (!pages.insert(page.page()).second) return invalid("PLI_INVALID", "two pages have the same number");
    }
    return {};
}

// Equal for two plis made of the same images, whatever the files are called.
std::string files_key_of(const v1::Register& pli) {
    Sha256 digest;
    for (const auto& file : pli.files()) digest.update(file.sha256() + "\n");
    std::map<int, std::string> pages;
    for (const auto& page : pli.pages())
        pages[page.page()] = fmt::format("{} {}:{}\n", page.page(), page.file(), page.index());
    for (const auto& [number, place] : pages) digest.update(place);
    return digest.finish_hex();
}

}  // namespace

std::optional<SqlLedger::Lot> SqlLedger::find_lot(const std::string& name) {
    Query query(database_, "SELECT n, announced, received, opened, content_sha256 FROM lot WHERE lot = ?", name);
    if (!query.next()) return std::nullopt;
    return Lot{query.integer(0), query.integer(1), query.integer(2), query.integer(3) != 0, query.text(4)};
}

// A lot that was refused whole, or a pli that came without its lot: known, but not opened.
SqlLedger::Lot SqlLedger::lot_of(const std::string& name, const std::string& caisse) {
    if (auto known = find_lot(name)) return *known;
    const std::int64_t n = inserted(
        database_,
        "INSERT INTO lot(lot, opened, content_sha256, manifest, caisse, loose_file, announced_pages, "
        "announced, received, registered, rejected, opened_at_ms) VALUES(?, 0, '', '', ?, 0, 0, 0, 0, 0, 0, ?) "
        "RETURNING n",
        name, caisse, now_ms());
    wrote();
    return Lot{n, 0, 0, false, ""};
}

// `announced`: how many more plis the lot has announced; it never stays under what it has given.
void SqlLedger::count_in_lot(const Lot& lot, std::int64_t announced, std::int64_t registered, std::int64_t rejected) {
    const std::int64_t received_after = lot.received + registered + rejected;
    const std::int64_t announced_after = std::max(lot.announced + announced, received_after);
    run(database_,
        "UPDATE lot SET announced = ?, received = ?, registered = registered + ?, rejected = rejected + ? WHERE n = ?",
        announced_after, received_after, registered, rejected, lot.n);
    count(Total::Announced, announced_after - lot.announced);
    count(Total::Received, received_after - lot.received);
    count(Total::Registered, registered);
    count(Total::Rejected, rejected);
    count(Total::Missing, (announced_after - received_after) - (lot.announced - lot.received));
}

Result<v1::LotOpened> SqlLedger::open_lot(const Asked& asked, const v1::OpenLot& request) {
    if (request.lot().empty() || request.announced_plis() < 0) {
        return invalid("LOT_INVALID", "a lot needs its number and a count of plis");
    }
    v1::LotOpened reply;
    const auto known = find_lot(request.lot());
    if (known && known->opened) {
        if (known->content_sha256 != request.content_sha256()) {
            return conflict("REJ_DUPLICATE_LOT", "a lot of this number was opened with another content");
        }
        reply.set_seen_before(true);
        return reply;
    }
    const Lot lot = lot_of(request.lot(), request.caisse());
    run(database_,
        "UPDATE lot SET opened = 1, content_sha256 = ?, manifest = ?, caisse = ?, loose_file = ?, announced_pages = ?, "
        "opened_at_ms = ? WHERE n = ?",
        request.content_sha256(), request.manifest_json(), request.caisse(), request.loose_file(),
        request.announced_pages(), now_ms(), lot.n);
    // What was received before the lot was opened (a pli said first) is part of what it announces; what was refused
    // whole before is not.
    Query whole(database_, "SELECT coalesce(sum(counted), 0) FROM rejection WHERE lot_n = ? AND pli = ''", lot.n);
    whole.next();
    const std::int64_t outside = whole.integer(0);
    const std::int64_t announced_after = std::max(lot.received, outside + request.announced_plis());
    count_in_lot(lot, announced_after - lot.announced, 0, 0);
    audit({.kind = "lot.opened",
           .actor = asked.actor,
           .ref = request.lot(),
           .detail = fmt::format("{} plis {}", request.content_sha256(), request.announced_plis())});
    return reply;
}

Result<v1::Registered> SqlLedger::register_pli(const Asked& asked, const v1::Register& request) {
    if (asked.idempotency_key.empty()) return invalid("KEY_REQUIRED", "a registration needs its idempotency key");
    if (auto valid = check(request); !valid) return pass_on(valid);
    const bool forgets = PLEIADE_PLANTED_BUG("no_idempotency_key");
    auto before = answered_before<v1::Registered>(forgets ? Asked{} : asked);
    if (!before) return pass_on(before);
    if (*before) {
        (*before)->set_seen_before(true);
        return **before;
    }
    const std::string id = pli_id_of(asked.idempotency_key);
    const std::string files_key = files_key_of(request);
    const Lot lot = lot_of(request.context().lot(), request.context().caisse());
    {
        Query taken(database_, "SELECT 1 FROM pli WHERE lot_n = ? AND pli = ? UNION ALL SELECT 1 FROM pli WHERE id = ?",
                    lot.n, request.context().pli(), id);
        if (taken.next()) {
            return conflict("REJ_DUPLICATE_LOT", "this rank of the lot was registered with another content");
        }
    }
    std::string twin;
    {
        Query same(database_, "SELECT id FROM pli WHERE files_key = ? AND lot_n <> ? LIMIT 1", files_key, lot.n);
        if (same.next()) twin = same.text(0);
    }
    // A pli that was refused and is now readable: the registration takes the refusal's place.
    const bool was_rejected =
        run(database_, "UPDATE rejection SET counted = 0 WHERE lot_n = ? AND pli = ? AND counted = 1", lot.n,
            request.context().pli()) > 0;
    count_in_lot(lot, 0, 1, was_rejected ? -1 : 0);

    const std::int64_t pli_n = insert_pli(lot, id, request, files_key, !twin.empty());
    fail_if(PLEIADE_FAILPOINT("ledger.after_state"));
    audit({.kind = "pli.registered",
           .pli_n = pli_n,
           .actor = asked.actor,
           .to_state = twin.empty() ? "REGISTERED" : "HELD",
           .code = twin.empty() ? "" : "DUPLICATE",
           .ref = id,
           .detail =
               fmt::format("{} pages {}{}", files_key, request.pages_size(), twin.empty() ? "" : " same as " + twin)});
    if (twin.empty()) {
        add_task(pli_n, "read", !request.context().registered_mail().empty(), request.context().caisse());
    }
    v1::Registered reply;
    reply.set_pli_id(id);
    reply.set_held_duplicate(!twin.empty());
    return remember(asked, reply);
}

std::int64_t SqlLedger::insert_pli(const Lot& lot, const std::string& id, const v1::Register& request,
                                   const std::string& files_key, bool duplicate) {
    v1::PliContext context = request.context();
    context.set_registered_at(rfc3339_utc(now_ms()));
    const std::string stored = context.SerializeAsString();
    const std::int64_t pli_n =
        inserted(database_,
                 "INSERT INTO pli(id, lot_n, pli, state, caisse, registered_mail, files_key, context, manifest, pages, "
                 "registered_at_ms, received_on, registered_number) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?) RETURNING n",
                 id, lot.n, context.pli(), duplicate ? "HELD" : "REGISTERED", context.caisse(),
                 !context.registered_mail().empty(), files_key, Blob{stored}, request.manifest_json(),
                 request.pages_size(), now_ms(), context.received_on(), plain_number(context.registered_mail()));
    store_endorsers(database_, pli_n, request.manifest_json());
    for (int i = 0; i < request.files_size(); ++i) {
        const auto& file = request.files(i);
        run(database_, "INSERT INTO file VALUES(?,?,?,?,?)", pli_n, i, file.sha256(), file.size_bytes(), file.name());
    }
    for (const auto& page : request.pages()) {
        run(database_, "INSERT INTO page VALUES(?,?,?,?,?,'unread',0)", pli_n, page.page(), page.file(), page.index(),
            page.kind_known());
    }
    count(duplicate ? Total::PliHeld : Total::PliRegistered, 1);
    count(Total::PagesScanned, request.pages_size());
    count(Total::PagesInFlight, request.pages_size());
    return pli_n;
}

Result<v1::Rejected> SqlLedger::reject(const Asked& asked, const v1::Reject& request) {
    if (request.lot().empty() || request.code().empty())
        return invalid("REJECTION_INVALID", "a rejection needs a lot and a code");
    auto before = answered_before<v1::Rejected>(asked);
    if (!before) return pass_on(before);
    if (*before) {
        (*before)->set_seen_before(true);
        return **before;
    }
    const Lot lot = lot_of(request.lot(), request.caisse());
    const bool whole = request.pli().empty();
    if (!whole) {
        Query registered(database_, "SELECT 1 FROM pli WHERE lot_n = ? AND pli = ?", lot.n, request.pli());
        if (registered.next())
            return conflict("ALREADY_REGISTERED", "this pli was registered; it cannot be rejected any more");
        Query rejected(database_, "SELECT 1 FROM rejection WHERE lot_n = ? AND pli = ? AND counted = 1", lot.n,
                       request.pli());
        if (rejected.next()) {  // the same pli, found faulty again after a restart
            v1::Rejected reply;
            reply.set_seen_before(true);
            return remember(asked, reply);
        }
    }
    // A whole lot counts as one pli announced, received and rejected. When it was opened, what it still owes is what is
    // rejected; but another content under its number is another delivery, and counts by itself.
    std::int64_t rejected = 1;
    std::int64_t announced = 0;
    if (whole && lot.opened && request.code() != "REJ_DUPLICATE_LOT") {
        rejected = lot.announced - lot.received;
    } else if (whole) {
        announced = 1;
    }
    count_in_lot(lot, announced, 0, rejected);
    run(database_,
        "INSERT INTO rejection(lot_n, pli, file, code, message, sha256, counted, at_ms) VALUES(?,?,?,?,?,?,?,?)", lot.n,
        request.pli(), request.file(), request.code(), request.message(), request.sha256(), rejected, now_ms());
    audit({.kind = "pli.rejected",
           .actor = asked.actor,
           .code = request.code(),
           .ref = request.lot(),
           .detail = fmt::format("{} {} counted {}", request.pli(), request.sha256(), rejected)});
    return remember(asked, v1::Rejected{});
}

}  // namespace pleiade::ledger
