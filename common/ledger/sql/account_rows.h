// Accounts, sessions and keys as messages, for the writer and the readers. Private to common/ledger.
#pragma once

#include <optional>
#include <string>

#include "common/base/result.h"
#include "common/ledger/sql/database.h"
#include "common/wire/messages.h"

namespace pleiade::ledger {

// Columns of "account c" that `account_row` reads from `first`, in that order.
inline constexpr const char* kAccountColumns =
    "c.name, c.display_name, c.roles, c.skills, c.services, c.caisses, c.medical, c.state, c.subject, "
    "c.password <> '', c.must_change, c.created_at_ms, c.changed_at_ms, c.last_login_at_ms, c.failures, "
    "c.locked_until_ms";
inline constexpr int kAccountColumnCount = 16;
v1::Account account_row(const Query& query, int first = 0);
std::optional<v1::Account> load_account(Database& database, const std::string& name);

Result<v1::SessionView> load_session(Database& database, const std::string& id_hash);

// Columns of "api_key k", in that order.
inline constexpr const char* kApiKeyColumns =
    "k.name, k.caisse, k.service, k.created_by, k.created_at_ms, k.revoked_at_ms";
v1::ApiKey api_key_row(const Query& query);

template <class Words>
std::string joined(const Words& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

inline Error account_unknown() {
    return {ErrorKind::NotFound, "ACCOUNT_UNKNOWN", "there is no such account"};
}

}  // namespace pleiade::ledger
