// Accounts, sessions and keys, as the gateway and the command line ask for them.
#include <fmt/format.h>

#include "common/ledger/sql/account_rows.h"
#include "common/ledger/sql/snapshot.h"
#include "common/ledger/sql/sql_reader.h"

namespace pleiade::ledger {

Result<v1::AccountsPage> SqlReader::accounts(const v1::AccountsQuery& asked) {
    static const std::string sql = fmt::format(
        "SELECT {} FROM account c WHERE c.name > ?1 AND (?2 OR c.state <> 'REMOVED') ORDER BY c.name LIMIT ?3",
        kAccountColumns);
    const Snapshot moment(database_);
    v1::AccountsPage page;
    if (!asked.name().empty()) {
        const auto one = load_account(database_, asked.name());
        if (!one) return tl::unexpected<Error>(account_unknown());
        *page.add_accounts() = *one;
        return page;
    }
    const int limit = limited(asked.limit(), kRowsDefault, kRowsMax);
    Query query(database_, sql.c_str(), asked.cursor(), asked.removed(), limit + 1);
    while (query.next()) {
        if (page.accounts_size() == limit) {
            page.set_next_cursor(page.accounts(limit - 1).name());
            break;
        }
        *page.add_accounts() = account_row(query);
    }
    return page;
}

Result<v1::Credential> SqlReader::credential(const v1::CredentialQuery& asked) {
    static const std::string sql = fmt::format(
        "SELECT {}, c.password FROM account c WHERE c.state <> 'REMOVED' AND ((?1 <> '' AND c.name = ?1) OR (?1 = '' "
        "AND "
        "?2 <> '' AND c.subject = ?2))",
        kAccountColumns);
    const Snapshot moment(database_);
    Query query(database_, sql.c_str(), asked.name(), asked.subject());
    if (!query.next()) return tl::unexpected<Error>(account_unknown());
    v1::Credential credential;
    *credential.mutable_account() = account_row(query);
    credential.set_password_hash(query.text(kAccountColumnCount));
    return credential;
}

Result<v1::SessionView> SqlReader::session(const v1::SessionQuery& asked) {
    const Snapshot moment(database_);
    return load_session(database_, asked.id_hash());
}

Result<v1::ApiKeySaved> SqlReader::api_key(const v1::ApiKeyQuery& asked) {
    static const std::string sql =
        fmt::format("SELECT {} FROM api_key k WHERE k.key_hash = ? AND k.revoked_at_ms = 0", kApiKeyColumns);
    const Snapshot moment(database_);
    Query query(database_, sql.c_str(), Blob{asked.key_hash()});
    if (!query.next()) return not_found("KEY_UNKNOWN", "there is no such key, or it was revoked");
    v1::ApiKeySaved found;
    *found.mutable_key() = api_key_row(query);
    return found;
}

v1::ApiKeys SqlReader::api_keys() {
    static const std::string sql = fmt::format("SELECT {} FROM api_key k ORDER BY k.name LIMIT 1000", kApiKeyColumns);
    const Snapshot moment(database_);
    v1::ApiKeys keys;
    Query query(database_, sql.c_str());
    while (query.next()) *keys.add_keys() = api_key_row(query);
    return keys;
}

}  // namespace pleiade::ledger
