// Who saw which page: in the journal, and durable, before a byte of it leaves.
#include <fmt/format.h>

#include <map>
#include <set>
#include <tuple>

#include "common/ledger/sql/sql_ledger.h"

namespace pleiade::ledger {

Result<v1::ViewsNoted> SqlLedger::note_views(const Asked&, const v1::NoteViews& command) {
    // One entry for what one person saw of one document in this moment.
    std::map<std::tuple<std::string, std::int64_t, int, std::string, std::string>, std::set<int>> seen;
    for (const auto& view : command.views()) {
        if (view.by().empty()) return invalid("ACCOUNT_REQUIRED", "a view says who sees");
        Query pli(database_, "SELECT n FROM pli WHERE id = ?", view.pli_id());
        if (!pli.next()) return not_found("PLI_UNKNOWN", "there is no such pli");
        seen[{view.by(), pli.integer(0), view.document(), view.what(), view.recipient()}].insert(view.pages().begin(),
                                                                                                 view.pages().end());
    }
    for (const auto& [what, pages] : seen) {
        const auto& [by, pli_n, document, kind, recipient] = what;
        audit({.kind = "page.seen",
               .pli_n = pli_n,
               .document = document,
               .actor = by,
               .code = kind,
               .ref = recipient,
               .detail = fmt::format("{}{}{}", fmt::join(pages, ","), recipient.empty() ? "" : " ", recipient)});
    }
    return v1::ViewsNoted{};
}

}  // namespace pleiade::ledger
