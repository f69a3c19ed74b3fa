// Who is signed in, and the keys of services' machines. Ids and keys are here as digests only.
#include <fmt/format.h>

#include <algorithm>

#include "common/ledger/sql/account_rows.h"
#include "common/ledger/sql/sql_ledger.h"

namespace pleiade::ledger {
namespace {

constexpr std::size_t kHashBytes = 32;
// As many wrong passwords in a row lock an account for a while: long enough to stop guessing, short enough that who
// wants to keep somebody out must come back all day, which shows.
constexpr int kFailuresMax = 10;
constexpr std::int64_t kLockedForMs = 15 * 60'000;
// No session lasts longer (RELIABILITY 5.3): older rows are nobody's.
constexpr std::int64_t kSessionMs = 8 * 3'600'000;

}  // namespace

Result<v1::LoginFailureNoted> SqlLedger::note_login_failure(const Asked& asked, const v1::NoteLoginFailure& command) {
    const auto known = load_account(database_, command.by());
    if (!known || known->state() == "REMOVED") return tl::unexpected<Error>(account_unknown());
    const int failures = known->failures() + 1;
    const bool locks = failures >= kFailuresMax;
    const std::int64_t until = locks ? now_ms() + kLockedForMs : known->locked_until_ms();
    run(database_, "UPDATE account SET failures = ?, locked_until_ms = ? WHERE name = ?", locks ? 0 : failures, until,
        command.by());
    audit({.kind = "login.failed",
           .actor = asked.actor,
           .code = locks ? "LOCKED" : "",
           .ref = command.by(),
           .detail = fmt::format("{} {}", command.method(), failures)});
    v1::LoginFailureNoted noted;
    noted.set_failures(failures);
    noted.set_locked_until_ms(until);
    return noted;
}

Result<v1::SessionView> SqlLedger::open_session(const Asked& asked, const v1::OpenSession& command) {
    if (command.id_hash().size() != kHashBytes) return invalid("SESSION_INVALID", "a session has a digest of 32 bytes");
    if (auto again = load_session(database_, command.id_hash()); again) return again;
    const auto known = load_account(database_, command.by());
    if (!known || known->state() != "ACTIVE" || known->locked_until_ms() > now_ms()) {
        return conflict("SESSION_REFUSED", "this account may not sign in now");
    }
    // The browser's former session ends with this one's beginning; so do those that nobody ended.
    run(database_, "DELETE FROM session WHERE id_hash = ? OR opened_at_ms < ?", Blob{command.former_id_hash()},
        now_ms() - kSessionMs);
    run(database_, "INSERT INTO session VALUES(?,?,?,?,?,?)", Blob{command.id_hash()}, command.by(), command.method(),
        now_ms(), now_ms(), now_ms());
    run(database_, "UPDATE account SET failures = 0, locked_until_ms = 0, last_login_at_ms = ? WHERE name = ?",
        now_ms(), command.by());
    audit({.kind = "session.opened", .actor = asked.actor, .ref = command.by(), .detail = command.method()});
    return load_session(database_, command.id_hash());
}

Result<v1::SessionView> SqlLedger::touch_session(const Asked& asked, const v1::TouchSession& command) {
    const int touched =
        command.authenticated()
            ? run(database_, "UPDATE session SET seen_at_ms = ?1, authenticated_at_ms = ?1 WHERE id_hash = ?2",
                  now_ms(), Blob{command.id_hash()})
            : run(database_, "UPDATE session SET seen_at_ms = ?1 WHERE id_hash = ?2", now_ms(),
                  Blob{command.id_hash()});
    if (touched > 0) wrote();
    if (touched > 0 && command.authenticated()) {
        audit({.kind = "session.opened", .actor = asked.actor, .code = "AGAIN", .ref = command.by()});
    }
    return load_session(database_, command.id_hash());
}

Result<v1::SessionClosed> SqlLedger::close_session(const Asked& asked, const v1::CloseSession& command) {
    if (run(database_, "DELETE FROM session WHERE id_hash = ?", Blob{command.id_hash()}) > 0) {
        audit({.kind = "session.closed", .actor = asked.actor, .code = command.why(), .ref = command.by()});
    }
    return v1::SessionClosed{};
}

Result<v1::ApiKeySaved> SqlLedger::add_api_key(const Asked& asked, const v1::AddApiKey& command) {
    if (auto before = answered_before<v1::ApiKeySaved>(asked); !before)
        return pass_on(before);
    else if (*before)
        return **before;
    const auto digits = [](const std::string& text) {
        return text.size() == 3 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    };
    const auto plain = [](const std::string& text) {
        return !text.empty() && text.size() <= 60 && std::ranges::all_of(text, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
                   c == '_';
        });
    };
    if (asked.actor.empty() || !plain(command.name()) || !digits(command.caisse()) || !plain(command.service()) ||
        command.key_hash().size() != kHashBytes) {
        return invalid("KEY_INVALID", "a key has a name (letters, digits . - _) and one service, written 595-IJ");
    }
    Query known(database_, "SELECT 1 FROM api_key WHERE name = ? UNION SELECT 1 FROM account WHERE name = ?",
                command.name(), command.name());
    if (known.next()) return conflict("KEY_EXISTS", "this name has served already; a name never serves twice");
    run(database_,
        "INSERT INTO api_key(name, key_hash, caisse, service, created_by, created_at_ms) VALUES(?,?,?,?,?,?)",
        command.name(), Blob{command.key_hash()}, command.caisse(), command.service(), asked.actor, now_ms());
    audit({.kind = "key.created",
           .actor = asked.actor,
           .ref = command.name(),
           .detail = fmt::format("{} service={}-{}", command.name(), command.caisse(), command.service())});
    v1::ApiKeySaved saved;
    v1::ApiKey& key = *saved.mutable_key();
    key.set_name(command.name());
    key.set_caisse(command.caisse());
    key.set_service(command.service());
    key.set_created_by(asked.actor);
    key.set_created_at_ms(now_ms());
    return remember(asked, std::move(saved));
}

Result<v1::ApiKeySaved> SqlLedger::revoke_api_key(const Asked& asked, const v1::RevokeApiKey& command) {
    static const std::string sql = fmt::format("SELECT {} FROM api_key k WHERE k.name = ?", kApiKeyColumns);
    if (asked.actor.empty()) return invalid("ACCOUNT_REQUIRED", "a change of rights says who makes it");
    v1::ApiKeySaved saved;
    {
        Query query(database_, sql.c_str(), command.name());
        if (!query.next()) return not_found("KEY_UNKNOWN", "there is no such key");
        *saved.mutable_key() = api_key_row(query);
    }
    if (saved.key().revoked_at_ms() > 0) return saved;
    run(database_, "UPDATE api_key SET revoked_at_ms = ? WHERE name = ?", now_ms(), command.name());
    saved.mutable_key()->set_revoked_at_ms(now_ms());
    audit({.kind = "key.revoked", .actor = asked.actor, .ref = command.name(), .detail = command.name()});
    return saved;
}

}  // namespace pleiade::ledger
