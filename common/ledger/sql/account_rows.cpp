#include "common/ledger/sql/account_rows.h"

#include <fmt/format.h>

namespace pleiade::ledger {
namespace {

void split(const std::string& text, google::protobuf::RepeatedPtrField<std::string>& words) {
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(' ', at), text.size());
        if (end > at) *words.Add() = text.substr(at, end - at);
        at = end + 1;
    }
}

}  // namespace

v1::Account account_row(const Query& query, int first) {
    v1::Account account;
    int column = first;
    account.set_name(query.text(column++));
    account.set_display_name(query.text(column++));
    split(query.text(column++), *account.mutable_roles());
    split(query.text(column++), *account.mutable_skills());
    split(query.text(column++), *account.mutable_services());
    split(query.text(column++), *account.mutable_caisses());
    account.set_medical(query.integer(column++) != 0);
    account.set_state(query.text(column++));
    account.set_subject(query.text(column++));
    account.set_has_password(query.integer(column++) != 0);
    account.set_must_change_password(query.integer(column++) != 0);
    account.set_created_at_ms(query.integer(column++));
    account.set_changed_at_ms(query.integer(column++));
    account.set_last_login_at_ms(query.integer(column++));
    account.set_failures(static_cast<std::int32_t>(query.integer(column++)));
    account.set_locked_until_ms(query.integer(column++));
    return account;
}

std::optional<v1::Account> load_account(Database& database, const std::string& name) {
    static const std::string sql = fmt::format("SELECT {} FROM account c WHERE c.name = ?", kAccountColumns);
    Query query(database, sql.c_str(), name);
    if (!query.next()) return std::nullopt;
    return account_row(query);
}

Result<v1::SessionView> load_session(Database& database, const std::string& id_hash) {
    static const std::string sql = fmt::format(
        "SELECT {}, s.method, s.opened_at_ms, s.seen_at_ms, s.authenticated_at_ms FROM session s JOIN account c ON "
        "c.name = s.account WHERE s.id_hash = ?",
        kAccountColumns);
    Query query(database, sql.c_str(), Blob{id_hash});
    if (!query.next()) return not_found("SESSION_UNKNOWN", "there is no such session, or it was ended");
    v1::SessionView session;
    *session.mutable_account() = account_row(query);
    session.set_method(query.text(kAccountColumnCount));
    session.set_opened_at_ms(query.integer(kAccountColumnCount + 1));
    session.set_seen_at_ms(query.integer(kAccountColumnCount + 2));
    session.set_authenticated_at_ms(query.integer(kAccountColumnCount + 3));
    return session;
}

v1::ApiKey api_key_row(const Query& query) {
    v1::ApiKey key;
    key.set_name(query.text(0));
    key.set_caisse(query.text(1));
    key.set_service(query.text(2));
    key.set_created_by(query.text(3));
    key.set_created_at_ms(query.integer(4));
    key.set_revoked_at_ms(query.integer(5));
    return key;
}

}  // namespace pleiade::ledger
