// People and their rights, for the technical administrator. She never sets a password that she then knows for long:
// one is drawn, shown once, and changed by its owner at her first sign-in.
#include "common/runtime/log.h"
#include "common/runtime/secrets.h"
#include "services/gateway/access/gatekeeper.h"
#include "services/gateway/api/body.h"
#include "services/gateway/api/handlers.h"
#include "services/gateway/api/idempotency.h"
#include "services/gateway/api/json.h"
#include "services/gateway/api/parameters.h"
#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

namespace {

boost::json::array texts(const google::protobuf::RepeatedPtrField<std::string>& words) {
    boost::json::array array;
    for (const auto& word : words) array.push_back(boost::json::string(word));
    return array;
}

boost::json::object account_json(const v1::Account& account) {
    boost::json::object out{{"name", account.name()},
                            {"display_name", account.display_name()},
                            {"roles", texts(account.roles())},
                            {"skills", texts(account.skills())},
                            {"services", texts(account.services())},
                            {"caisses", texts(account.caisses())},
                            {"medical", account.medical()},
                            {"state", account.state()},
                            {"has_password", account.has_password()},
                            {"must_change_password", account.must_change_password()},
                            {"created_at", time_text(account.created_at_ms())},
                            {"changed_at", time_text(account.changed_at_ms())}};
    if (!account.subject().empty()) out["subject"] = account.subject();
    if (account.last_login_at_ms() > 0) out["last_login_at"] = time_text(account.last_login_at_ms());
    if (account.locked_until_ms() > 0) out["locked_until"] = time_text(account.locked_until_ms());
    return out;
}

void read_rights(const Body& body, v1::Account& account) {
    account.set_display_name(body.text("display_name", 100, false));
    for (auto& role : body.texts("roles", 10, 40)) account.add_roles(std::move(role));
    for (auto& skill : body.texts("skills", 50, 40)) account.add_skills(std::move(skill));
    for (auto& service : body.texts("services", 100, 40)) account.add_services(std::move(service));
    for (auto& caisse : body.texts("caisses", 100, 3)) account.add_caisses(std::move(caisse));
    account.set_medical(body.boolean("medical"));
    account.set_subject(body.text("subject", 255, false));
}

// The hub's reason names what is wrong with the rights, and holds nothing secret: people see it.
Response refused(const Error& error) {
    if (error.code != "ACCOUNT_INVALID") return problem_of(error);
    return problem(422, "ACCOUNT_INVALID",
                   "Ces droits ne vont pas ensemble, ou sont mal écrits: " + error.message + ".");
}

Response saved_response(const Request& request, std::string_view action, const Result<v1::AccountSaved>& saved,
                        const std::string& password = "") {
    if (!saved) return refused(saved.error());
    runtime::log_info("account",
                      {{"event.action", action}, {"user.name", request.who.name}, {"trace.id", request.trace_id}});
    auto out = account_json(saved->account());
    if (!password.empty()) out["one_time_password"] = password;
    return json_response(out);
}

}  // namespace

Response get_accounts(const Context& context, const Request& request) {
    Parameters parameters(request);
    v1::AccountsQuery query;
    query.set_limit(parameters.number("limit", 1, 200, 100));
    query.set_cursor(parameters.word("cursor", 60));
    query.set_removed(parameters.word("removed", 5) == "true");
    if (parameters.refusal()) return *parameters.refusal();
    const auto page = context.desk.ask<v1::AccountsPage>(query);
    if (!page) return problem_of(page.error());
    boost::json::array accounts;
    for (const auto& account : page->accounts()) accounts.push_back(account_json(account));
    boost::json::object out{{"accounts", std::move(accounts)}};
    if (!page->next_cursor().empty()) out["next_cursor"] = page->next_cursor();
    return json_response(out);
}

Response post_account(const Context& context, const Request& request) {
    Body body(request, {"name", "display_name", "roles", "skills", "services", "caisses", "medical", "subject"});
    v1::SaveAccount command;
    command.set_by(request.who.name);
    command.set_create(true);
    command.mutable_account()->set_name(body.text("name", 60));
    read_rights(body, *command.mutable_account());
    if (body.refusal()) return *body.refusal();
    return context.idempotency.once_without_content(request, [&](const std::string& key) {
        // Who signs in at the identity provider has no password here.
        std::string password;
        if (command.account().subject().empty()) {
            password = runtime::one_time_password();
            const auto hash = context.access.passwords.hash(password);
            if (!hash) return problem(503, "TOO_BUSY", "Trop de demandes en même temps; recommencez.");
            command.set_password_hash(*hash);
            command.mutable_account()->set_must_change_password(true);
        }
        // The body differs at each try, since a password is drawn at each: the key would be refused as reused.
        (void)key;
        return saved_response(request, "create", context.desk.ask<v1::AccountSaved>(command), password);
    });
}

Response put_account(const Context& context, const Request& request) {
    Body body(request, {"display_name", "roles", "skills", "services", "caisses", "medical", "subject"});
    v1::SaveAccount command;
    command.set_by(request.who.name);
    command.mutable_account()->set_name(request.param("account"));
    read_rights(body, *command.mutable_account());
    if (body.refusal()) return *body.refusal();
    if (request.param("account") == request.who.name) {
        return problem(409, "ACCOUNT_INVALID", "Ses propres droits se changent par un autre administrateur.");
    }
    return saved_response(request, "change", context.desk.ask<v1::AccountSaved>(command));
}

Response post_account_state(const Context& context, const Request& request) {
    Body body(request, {"state"});
    v1::SetAccountState command;
    command.set_by(request.who.name);
    command.set_name(request.param("account"));
    command.set_state(body.text("state", 10));
    if (body.refusal()) return *body.refusal();
    if (command.name() == request.who.name) {
        return problem(409, "ACCOUNT_INVALID", "Son propre compte se verrouille par un autre administrateur.");
    }
    return context.idempotency.once(request, [&](const std::string& key) {
        return saved_response(request, "state", context.desk.ask<v1::AccountSaved>(command, key));
    });
}

Response post_account_password(const Context& context, const Request& request) {
    Body body(request, {});
    if (body.refusal()) return *body.refusal();
    return context.idempotency.once_without_content(request, [&](const std::string&) {
        const std::string password = runtime::one_time_password();
        const auto hash = context.access.passwords.hash(password);
        if (!hash) return problem(503, "TOO_BUSY", "Trop de demandes en même temps; recommencez.");
        v1::SetPassword command;
        command.set_by(request.who.name);
        command.set_name(request.param("account"));
        command.set_password_hash(*hash);
        command.set_must_change(true);
        return saved_response(request, "password", context.desk.ask<v1::AccountSaved>(command), password);
    });
}

}  // namespace pleiade::gateway
