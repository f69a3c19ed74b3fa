// Accounts and their rights: who may sign in, and what she may be asked about afterwards.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "common/ledger/sql/account_rows.h"
#include "common/ledger/sql/sql_ledger.h"

namespace pleiade::ledger {
namespace {

constexpr std::size_t kNameBytesMax = 60;
constexpr std::size_t kDisplayNameBytesMax = 100;
constexpr std::size_t kWordsMax = 200;
constexpr std::size_t kWordBytesMax = 40;
constexpr std::size_t kHashBytesMax = 200;

// Those of the mail's content; the two others never meet it, so that nobody both runs the machine and reads letters, or
// both acts and audits.
constexpr std::array<std::string_view, 4> kMailRoles = {"scan_operator", "keyer", "supervisor", "service_agent"};
constexpr std::array<std::string_view, 2> kApartRoles = {"auditor", "technical_admin"};

bool is_one_of(const auto& words, const std::string& word) {
    return std::ranges::find(words, word) != words.end();
}

bool is_name(const std::string& text, std::size_t bytes_max) {
    return !text.empty() && text.size() <= bytes_max && text[0] >= 'a' && text[0] <= 'z' &&
           std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
           });
}

bool is_caisse(const std::string& text) {
    return text.size() == 3 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_code(const std::string& text) {
    return !text.empty() && text.size() <= kWordBytesMax && std::ranges::all_of(text, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

bool is_service(const std::string& text) {
    return text.size() > 4 && text[3] == '-' && is_caisse(text.substr(0, 3)) && is_code(text.substr(4));
}

bool is_skill(const std::string& text) {
    return !text.empty() && text.size() <= kWordBytesMax &&
           std::ranges::none_of(text, [](unsigned char c) { return c <= ' ' || c == 0x7f; });
}

Result<void> check(const v1::Account& account) {
    const auto wrong = [](const std::string& what) { return invalid("ACCOUNT_INVALID", what); };
    if (account.display_name().size() > kDisplayNameBytesMax ||
        std::ranges::any_of(account.display_name(), [](unsigned char c) { return c < ' ' || c == 0x7f; })) {
        return wrong("the name to show is too long or holds characters that cannot be shown");
    }
    if (account.roles().empty()) return wrong("an account has at least one role");
    const auto words = {account.roles().size(), account.skills().size(), account.services().size(),
                        account.caisses().size()};
    if (std::max(words) > static_cast<int>(kWordsMax)) return wrong("too many roles, skills, services or caisses");
    bool apart = false;
    for (const auto& role : account.roles()) {
        if (!is_one_of(kMailRoles, role) && !is_one_of(kApartRoles, role)) return wrong("there is no role " + role);
        apart = apart || is_one_of(kApartRoles, role);
    }
    if (apart && (account.roles().size() > 1 || account.medical())) {
        return wrong("an auditor or a technical administrator has no other role and never sees content");
    }
    const bool agent = is_one_of(account.roles(), "service_agent");
    if (agent && account.roles().size() > 1) return wrong("an agent of a service has no other role");
    if (agent == account.services().empty())
        return wrong("an agent of a service, and only she, names services (595-IJ)");
    for (const auto& service : account.services()) {
        if (!is_service(service)) return wrong("a service is written 595-IJ");
    }
    for (const auto& caisse : account.caisses()) {
        if (!is_caisse(caisse)) return wrong("a caisse is three digits");
    }
    for (const auto& skill : account.skills()) {
        if (!is_skill(skill)) return wrong("a skill is one word");
    }
    if (account.subject().size() > 255) return wrong("the subject of the identity provider is too long");
    return {};
}

std::string rights_text(const v1::Account& account) {
    std::string text = fmt::format("{} roles={}", account.name(), joined(account.roles()));
    if (account.medical()) text += " medical";
    if (account.services_size() > 0) text += " services=" + joined(account.services());
    if (account.caisses_size() > 0) text += " caisses=" + joined(account.caisses());
    if (account.skills_size() > 0) text += " skills=" + joined(account.skills());
    return text;
}

}  // namespace

v1::AccountSaved SqlLedger::account_saved(const Asked& asked, const std::string& name) {
    v1::AccountSaved saved;
    *saved.mutable_account() = *load_account(database_, name);
    return remember(asked, std::move(saved));
}

void SqlLedger::audit_account(std::string kind, const Asked& asked, const v1::Account& account, std::string code) {
    audit({.kind = std::move(kind),
           .actor = asked.actor,
           .code = std::move(code),
           .ref = account.name(),
           .detail = rights_text(account)});
}

void SqlLedger::end_sessions(const std::string& name, std::string_view but) {
    run(database_, "DELETE FROM session WHERE account = ? AND id_hash <> ?", name, Blob{but});
}

Result<v1::AccountSaved> SqlLedger::save_account(const Asked& asked, const v1::SaveAccount& command) {
    if (auto before = answered_before<v1::AccountSaved>(asked); !before)
        return pass_on(before);
    else if (*before)
        return **before;
    const v1::Account& account = command.account();
    if (asked.actor.empty()) return invalid("ACCOUNT_REQUIRED", "a change of rights says who makes it");
    if (!is_name(account.name(), kNameBytesMax)) {
        return invalid("ACCOUNT_INVALID", "a name is 1 to 60 of a-z 0-9 . - _ and begins with a letter");
    }
    if (auto good = check(account); !good) return pass_on(good);
    if (command.password_hash().size() > kHashBytesMax) return invalid("ACCOUNT_INVALID", "that is no argon2id string");
    const auto known = load_account(database_, account.name());
    if (command.create() && known) {
        return conflict("ACCOUNT_EXISTS", "this name has served already; a name never serves twice");
    }
    if (!command.create() && (!known || known->state() == "REMOVED")) return tl::unexpected<Error>(account_unknown());
    if (!account.subject().empty()) {
        Query other(database_, "SELECT name FROM account WHERE subject = ? AND state <> 'REMOVED' AND name <> ?",
                    account.subject(), account.name());
        if (other.next()) return conflict("ACCOUNT_EXISTS", "another account has this subject");
    }
    if (command.create()) {
        run(database_,
            "INSERT INTO account(name, display_name, roles, skills, services, caisses, medical, state, subject, "
            "password, "
            "must_change, created_at_ms, changed_at_ms) VALUES(?,?,?,?,?,?,?,'ACTIVE',?,?,?,?,?)",
            account.name(), account.display_name(), joined(account.roles()), joined(account.skills()),
            joined(account.services()), joined(account.caisses()), account.medical(), account.subject(),
            command.password_hash(), account.must_change_password(), now_ms(), now_ms());
    } else {
        run(database_,
            "UPDATE account SET display_name = ?, roles = ?, skills = ?, services = ?, caisses = ?, medical = ?, "
            "subject = "
            "?, changed_at_ms = ? WHERE name = ?",
            account.display_name(), joined(account.roles()), joined(account.skills()), joined(account.services()),
            joined(account.caisses()), account.medical(), account.subject(), now_ms(), account.name());
        end_sessions(account.name());
    }
    audit_account(command.create() ? "account.created" : "account.changed", asked, account);
    return account_saved(asked, account.name());
}

Result<v1::AccountSaved> SqlLedger::set_account_state(const Asked& asked, const v1::SetAccountState& command) {
    if (auto before = answered_before<v1::AccountSaved>(asked); !before)
        return pass_on(before);
    else if (*before)
        return **before;
    if (asked.actor.empty()) return invalid("ACCOUNT_REQUIRED", "a change of rights says who makes it");
    const auto known = load_account(database_, command.name());
    if (!known || known->state() == "REMOVED") return tl::unexpected<Error>(account_unknown());
    if (command.state() != "ACTIVE" && command.state() != "LOCKED" && command.state() != "REMOVED") {
        return invalid("ACCOUNT_INVALID", "an account is ACTIVE, LOCKED or REMOVED");
    }
    run(database_,
        "UPDATE account SET state = ?1, failures = 0, locked_until_ms = 0, changed_at_ms = ?2, password = CASE ?1 WHEN "
        "'REMOVED' THEN '' ELSE password END WHERE name = ?3",
        command.state(), now_ms(), command.name());
    if (command.state() != "ACTIVE") end_sessions(command.name());
    const char* kind = command.state() == "ACTIVE"   ? "account.unlocked"
                       : command.state() == "LOCKED" ? "account.locked"
                                                     : "account.removed";
    audit_account(kind, asked, *known);
    return account_saved(asked, command.name());
}

Result<v1::AccountSaved> SqlLedger::set_password(const Asked& asked, const v1::SetPassword& command) {
    if (auto before = answered_before<v1::AccountSaved>(asked); !before)
        return pass_on(before);
    else if (*before)
        return **before;
    if (asked.actor.empty()) return invalid("ACCOUNT_REQUIRED", "a change of rights says who makes it");
    const auto known = load_account(database_, command.name());
    if (!known || known->state() == "REMOVED") return tl::unexpected<Error>(account_unknown());
    if (command.password_hash().empty() || command.password_hash().size() > kHashBytesMax) {
        return invalid("ACCOUNT_INVALID", "that is no argon2id string");
    }
    run(database_,
        "UPDATE account SET password = ?, must_change = ?, failures = 0, locked_until_ms = 0, changed_at_ms = ? WHERE "
        "name = ?",
        command.password_hash(), command.must_change(), now_ms(), command.name());
    // Who changes her own stays where she is; whoever else had a session of hers does not.
    end_sessions(command.name(), command.keep_session());
    audit_account("account.password", asked, *known, asked.actor == command.name() ? "SELF" : "");
    return account_saved(asked, command.name());
}

}  // namespace pleiade::ledger
