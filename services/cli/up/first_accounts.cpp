#include "services/cli/up/first_accounts.h"

#include <fmt/format.h>

#include <vector>

#include "common/runtime/secrets.h"
#include "services/cli/session_user.h"

namespace pleiade::cli {
namespace {

const bus::CallOptions kPatience{.patience = std::chrono::seconds(5)};

v1::Account account_of(const std::string& name, const std::string& shown, const std::vector<std::string>& roles) {
    v1::Account account;
    account.set_name(name);
    account.set_display_name(shown);
    for (const auto& role : roles) account.add_roles(role);
    return account;
}

std::vector<v1::Account> demo_accounts() {
    std::vector<v1::Account> all = {account_of("superviseur", "Superviseur", {"supervisor", "keyer"}),
                                    account_of("codeur", "Vidéocodeur", {"keyer"}),
                                    account_of("scan", "Opérateur de numérisation", {"scan_operator"}),
                                    account_of("agent", "Agent de service", {"service_agent"}),
                                    account_of("auditeur", "Auditeur", {"auditor"}),
                                    account_of("admin", "Administrateur technique", {"technical_admin"})};
    all[0].set_medical(true);
    all[1].set_medical(true);
    for (const char* service : {"595-IJ", "595-GDB", "595-FSP", "595-ATMP", "595-RELATION"})
        all[3].add_services(service);
    return all;
}

bool save(bus::Client& desk, const v1::Account& account, const std::string& hash) {
    v1::SaveAccount command;
    command.set_by(session_user(""));
    command.set_create(true);
    *command.mutable_account() = account;
    command.set_password_hash(hash);
    return desk.ask<v1::AccountSaved>(command, kPatience).has_value();
}

}  // namespace

std::string first_accounts(bus::Client& desk, bool demo, bool terminal, bool& asked) {
    v1::AccountsQuery query;
    query.set_limit(1);
    query.set_removed(true);
    const auto known = desk.ask<v1::AccountsPage>(query, kPatience);
    if (!known) return {};
    asked = true;
    if (known->accounts_size() > 0) return {};
    if (!demo && !terminal) {
        return "No account yet: make the first one with `pleiade accounts add admin --role technical_admin`.";
    }
    const std::string password = runtime::one_time_password();
    const std::string hash = runtime::hash_password(password);
    if (!demo) {
        auto admin = account_of("admin", "Administrateur technique", {"technical_admin"});
        admin.set_must_change_password(true);
        if (!save(desk, admin, hash)) return {};
        return fmt::format(
            "First account: admin   password, shown once and to be changed: {}\n"
            "It makes the others (Comptes), as does `pleiade accounts add`.",
            password);
    }
    std::string names;
    for (const auto& account : demo_accounts()) {
        if (save(desk, account, hash)) names += (names.empty() ? "" : ", ") + account.name();
    }
    return fmt::format("Demonstration accounts: {}\npassword of all, shown once: {}", names, password);
}

}  // namespace pleiade::cli
