#include "common/ledger/store_copy.h"

#include <fmt/format.h>

#include "common/ledger/postgres/copy_side.h"
#include "common/ledger/sql/copier.h"
#include "common/ledger/sql/verifier.h"
#include "common/ledger/sqlite/copy_side.h"
#include "common/ledger/store_address.h"

namespace pleiade::ledger {
namespace {

CopySide source_of(const StoreCopy& copy) {
    return is_postgres(copy.from) ? postgres_source(copy.from) : sqlite_source(copy.folder);
}
CopySide target_of(const StoreCopy& copy) {
    return is_postgres(copy.to) ? postgres_target(copy.to) : sqlite_target(copy.folder);
}

std::string head_of(Database& database) {
    Query head(database, "SELECT seq, hash FROM audit_head");
    head.next();
    return std::to_string(head.integer(0)) + " " + head.text(1);
}

Result<StoreCopied> copy_between(const StoreCopy& copy, CopySide& from, CopySide& to) {
    Database& source = *from.database;
    Database& target = *to.database;
    source.begin_write();
    if (Query(source, "SELECT 1 FROM setting WHERE name = 'moved_to'").next()) {
        return conflict("LEDGER_MOVED", "this ledger was moved before; the other store is the one that counts");
    }
    target.begin_write();
    Copier copier(source, target, [&](const char* doing, const char* table, std::int64_t rows) {
        copy.progress(fmt::format("{:<9} {:<13} {:>12} rows", doing, table, rows));
    });
    StoreCopied copied;
    copied.went_on = !copier.target_is_empty();
    if (copied.went_on && head_of(source) != head_of(target)) {
        return conflict("TARGET_NOT_EMPTY", "the target holds another ledger; give an empty database");
    }
    if (!copied.went_on) {
        copier.copy();
        if (to.engine == "postgresql") settle_copied_rows(target);
    }
    const auto compared = copier.compare();
    if (!compared) return pass_on(compared);
    copied.rows = *compared;
    copy.progress("checking the chain, the states and the equations of the target");
    auto verified = Verifier(target, nullptr).run_all();
    if (!verified) return pass_on(verified);
    copied.verified = *verified;
    target.commit();
    // From here on the target is the ledger; killed before the next line, the command compares and comes here again.
    run(source, "INSERT INTO setting VALUES('moved_to', ?)", to.engine);
    source.commit();
    return copied;
}

}  // namespace

Result<StoreCopied> copy_store(const StoreCopy& copy) {
    if (copy.from == copy.to || (!is_postgres(copy.from) && !is_postgres(copy.to))) {
        return invalid("SAME_STORE", "the ledger is there already; say where it is to go with --to");
    }
    try {
        CopySide from = source_of(copy);
        CopySide to = target_of(copy);
        auto copied = copy_between(copy, from, to);
        if (copied) return copied;
        to.database->roll_back();
        from.database->roll_back();
        return copied;
    } catch (const StoreInUse& used) {
        return conflict("LEDGER_IN_USE", used.what());
    } catch (const StoreAway& away) {
        return tl::unexpected<Error>(store_away(away));
    } catch (const StoreError& error) {
        return unavailable("LEDGER_UNREADABLE", error.what());
    }
}

}  // namespace pleiade::ledger
