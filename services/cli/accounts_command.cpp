// `pleiade accounts` and `pleiade keys`: who may sign in, and which machines may speak for a service. Whoever may open
// the hub's socket on this machine may use them; each change is in the journal under the name of this session's user.
#include <fmt/format.h>
#include <sys/prctl.h>
#include <termios.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <chrono>
#include <iostream>
#include <optional>

#include "common/bus/client.h"
#include "common/runtime/secrets.h"
#include "common/runtime/service.h"
#include "services/cli/answers.h"
#include "services/cli/commands.h"
#include "services/cli/session_user.h"

namespace pleiade::cli {
namespace {

const bus::CallOptions kPatience{.patience = std::chrono::seconds(10)};

template <class Words>
std::string joined(const Words& words) {
    return fmt::format("{}", fmt::join(words, " "));
}

// A line of the terminal that nobody sees, or of standard input.
std::string read_line(const char* prompt) {
    termios before{};
    const bool terminal = ::isatty(STDIN_FILENO) == 1 && ::tcgetattr(STDIN_FILENO, &before) == 0;
    if (terminal) {
        fmt::print(stderr, "{}: ", prompt);
        termios silent = before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    std::string line;
    std::getline(std::cin, line);
    if (terminal) {
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fmt::print(stderr, "\n");
    }
    return line;
}

// The argon2id string of a password that was typed; nothing, with the reason said, when it will not do.
std::optional<std::string> ask_password(const std::string& account) {
    ::prctl(PR_SET_DUMPABLE, 0);
    std::string password = read_line("password");
    if (const auto weak = runtime::weakness_of(password, account)) {
        runtime::forget(password);
        fmt::print(stderr, "{}\n", *weak);
        return std::nullopt;
    }
    if (::isatty(STDIN_FILENO) == 1) {
        std::string again = read_line("again");
        const bool same = runtime::same_secret(password, again);
        runtime::forget(again);
        if (!same) {
            fmt::print(stderr, "The two passwords differ; nothing was changed.\n");
            return std::nullopt;
        }
    }
    std::string hash = runtime::hash_password(password);
    runtime::forget(password);
    return hash;
}

void fill_rights(const AccountOptions& options, v1::Account& account) {
    account.set_name(options.name);
    account.set_display_name(options.display_name);
    for (const auto& one : options.roles) account.add_roles(one);
    for (const auto& one : options.skills) account.add_skills(one);
    for (const auto& one : options.services) account.add_services(one);
    for (const auto& one : options.caisses) account.add_caisses(one);
    account.set_medical(options.medical);
    account.set_subject(options.subject);
}

int saved(const Result<v1::AccountSaved>& answer) {
    if (!answer) return fail_with(answer.error());
    const auto& account = answer->account();
    fmt::print("{} {} {}{}\n", account.name(), account.state(), joined(account.roles()),
               account.medical() ? " medical" : "");
    return runtime::kExitDone;
}

boost::json::array texts(const google::protobuf::RepeatedPtrField<std::string>& words) {
    boost::json::array array;
    for (const auto& word : words) array.push_back(boost::json::string(word));
    return array;
}

}  // namespace

int accounts_add(const runtime::Settings& settings, const AccountOptions& options) {
    v1::SaveAccount command;
    command.set_by(session_user(""));
    command.set_create(true);
    fill_rights(options, *command.mutable_account());
    if (options.subject.empty()) {
        const auto hash = ask_password(options.name);
        if (!hash) return runtime::kExitNo;
        command.set_password_hash(*hash);
    }
    command.mutable_account()->set_must_change_password(options.must_change);
    bus::Client desk(settings.desk_endpoint());
    return saved(desk.ask<v1::AccountSaved>(command, kPatience));
}

int accounts_role(const runtime::Settings& settings, const AccountOptions& options) {
    v1::SaveAccount command;
    command.set_by(session_user(""));
    fill_rights(options, *command.mutable_account());
    bus::Client desk(settings.desk_endpoint());
    if (options.display_name.empty() || options.subject.empty()) {
        v1::AccountsQuery query;
        query.set_name(options.name);
        const auto known = desk.ask<v1::AccountsPage>(query, kPatience);
        if (!known) return fail_with(known.error());
        auto& account = *command.mutable_account();
        if (account.display_name().empty()) account.set_display_name(known->accounts(0).display_name());
        if (account.subject().empty()) account.set_subject(known->accounts(0).subject());
    }
    return saved(desk.ask<v1::AccountSaved>(command, kPatience));
}

int accounts_state(const runtime::Settings& settings, const std::string& name, const std::string& state) {
    v1::SetAccountState command;
    command.set_by(session_user(""));
    command.set_name(name);
    command.set_state(state);
    bus::Client desk(settings.desk_endpoint());
    return saved(desk.ask<v1::AccountSaved>(command, kPatience));
}

int accounts_password(const runtime::Settings& settings, const AccountOptions& options) {
    const auto hash = ask_password(options.name);
    if (!hash) return runtime::kExitNo;
    v1::SetPassword command;
    command.set_by(session_user(""));
    command.set_name(options.name);
    command.set_password_hash(*hash);
    command.set_must_change(options.must_change);
    bus::Client desk(settings.desk_endpoint());
    return saved(desk.ask<v1::AccountSaved>(command, kPatience));
}

int accounts_list(const runtime::Settings& settings, bool json) {
    bus::Client desk(settings.desk_endpoint());
    v1::AccountsQuery query;
    query.set_limit(200);
    query.set_removed(json);
    if (!json)
        fmt::print("{:<20} {:<8} {:<24} {:<8} {:<16} {}\n", "account", "state", "roles", "medical", "caisses",
                   "services, skills");
    for (;;) {
        const auto page = desk.ask<v1::AccountsPage>(query, kPatience);
        if (!page) return fail_with(page.error());
        for (const auto& account : page->accounts()) {
            if (json) {
                fmt::print("{}\n", boost::json::serialize(boost::json::object{{"name", account.name()},
                                                                              {"state", account.state()},
                                                                              {"roles", texts(account.roles())},
                                                                              {"skills", texts(account.skills())},
                                                                              {"services", texts(account.services())},
                                                                              {"caisses", texts(account.caisses())},
                                                                              {"medical", account.medical()},
                                                                              {"subject", account.subject()}}));
            } else {
                fmt::print("{:<20} {:<8} {:<24} {:<8} {:<16} {} {}\n", account.name(), account.state(),
                           joined(account.roles()), account.medical() ? "yes" : "no",
                           account.caisses().empty() ? "all" : joined(account.caisses()), joined(account.services()),
                           joined(account.skills()));
            }
        }
        if (page->next_cursor().empty()) return runtime::kExitDone;
        query.set_cursor(page->next_cursor());
    }
}

int keys_add(const runtime::Settings& settings, const std::string& name, const std::string& service) {
    ::prctl(PR_SET_DUMPABLE, 0);
    const std::string key = runtime::random_token();
    v1::AddApiKey command;
    command.set_by(session_user(""));
    command.set_name(name);
    command.set_caisse(service.substr(0, 3));
    command.set_service(service.size() > 4 ? service.substr(4) : "");
    command.set_key_hash(runtime::digest_of(key));
    bus::Client desk(settings.desk_endpoint());
    const auto answer = desk.ask<v1::ApiKeySaved>(command, kPatience);
    if (!answer) return fail_with(answer.error());
    // The key alone on standard output, so that it can go straight into a file of mode 0400.
    fmt::print(stderr, "key {} for {}; shown once, keep it now:\n", name, service);
    fmt::print("{}\n", key);
    return runtime::kExitDone;
}

int keys_revoke(const runtime::Settings& settings, const std::string& name) {
    v1::RevokeApiKey command;
    command.set_by(session_user(""));
    command.set_name(name);
    bus::Client desk(settings.desk_endpoint());
    const auto answer = desk.ask<v1::ApiKeySaved>(command, kPatience);
    if (!answer) return fail_with(answer.error());
    fmt::print("{} revoked\n", name);
    return runtime::kExitDone;
}

int keys_list(const runtime::Settings& settings) {
    bus::Client desk(settings.desk_endpoint());
    const auto answer = desk.ask<v1::ApiKeys>(v1::ApiKeysQuery{}, kPatience);
    if (!answer) return fail_with(answer.error());
    for (const auto& key : answer->keys()) {
        fmt::print("{:<24} {}-{:<10} {}\n", key.name(), key.caisse(), key.service(),
                   key.revoked_at_ms() > 0 ? "revoked" : "good");
    }
    return runtime::kExitDone;
}

}  // namespace pleiade::cli
