#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>
#include <iostream>

#include "common/base/sha256.h"
#include "common/bus/client.h"
#include "common/runtime/service.h"
#include "services/cli/answers.h"
#include "services/cli/commands.h"
#include "services/cli/session_user.h"

namespace pleiade::cli {
namespace {

// The hub takes as many at once; a longer list goes in several commands, each whole.
constexpr std::size_t kTargetsMax = 200;
constexpr std::chrono::seconds kPatience{10};

// A repetition of this command is another command; a repetition of its message, by the bus, is not.
std::string fresh_key(const std::string& verb, std::size_t part) {
    const auto now = std::chrono::system_clock::now().time_since_epoch().count();
    return sha256_hex(fmt::format("{} {} {} {}", verb, now, ::getpid(), part));
}

boost::json::object outcome_json(const v1::RecoveryOutcome& outcome) {
    boost::json::object out{{"id", outcome.id()}, {"ok", outcome.ok()}};
    if (outcome.ok()) {
        out["state"] = outcome.state();
        if (!outcome.undo().empty()) out["undo"] = outcome.undo();
    } else {
        out["code"] = outcome.code();
        out["message"] = outcome.message();
    }
    return out;
}

void print(const v1::RecoveryOutcome& outcome, bool json) {
    if (json) {
        fmt::print("{}\n", boost::json::serialize(outcome_json(outcome)));
    } else if (outcome.ok()) {
        fmt::print("{:<40} {:<12} {}\n", outcome.id(), outcome.state(),
                   outcome.undo().empty() ? "cannot be undone" : "undone by " + outcome.undo());
    } else {
        fmt::print(stderr, "{:<40} refused: {}: {}\n", outcome.id(), outcome.code(), outcome.message());
    }
}

std::string time_text(std::int64_t at_ms) {
    const std::time_t seconds = at_ms / 1000;
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

}  // namespace

const std::vector<std::pair<std::string, std::string>>& recovery_verbs() {
    static const std::vector<std::pair<std::string, std::string>> kVerbs = {
        {"re-read", "read a pli again from the start"},
        {"re-route", "ask the router again"},
        {"reclassify", "give a document another type"},
        {"hold", "put on hold"},
        {"release", "take off hold, or take a rejection back"},
        {"reject", "reject with a code"},
        {"un-quarantine", "take a pli out of quarantine"},
        {"re-queue", "put back in the queue where it stands: away from who keeps it, or out of its back-off"}};
    return kVerbs;
}

int recover(const runtime::Settings& settings, const std::string& verb, const RecoverOptions& options) {
    bus::Client desk(settings.desk_endpoint());
    int refused = 0;
    for (std::size_t from = 0; from < options.ids.size(); from += kTargetsMax) {
        v1::Recover command;
        command.set_verb(verb);
        command.set_by(session_user(options.by));
        command.set_reason(options.reason);
        command.set_type(options.type);
        command.set_code(options.code);
        command.set_to(options.to);
        for (std::size_t i = from; i < std::min(options.ids.size(), from + kTargetsMax); ++i) {
            command.add_ids(options.ids[i]);
        }
        const auto recovered =
            desk.ask<v1::Recovered>(command, {.idempotency_key = fresh_key(verb, from), .patience = kPatience});
        if (!recovered) return fail_with(recovered.error());
        for (const auto& outcome : recovered->outcomes()) {
            print(outcome, options.json);
            refused += outcome.ok() ? 0 : 1;
        }
    }
    return refused == 0 ? runtime::kExitDone : runtime::kExitNo;
}

int find(const runtime::Settings& settings, const FindOptions& options) {
    bus::Client desk(settings.desk_endpoint());
    v1::SearchQuery query;
    query.set_by(session_user(options.by));
    query.set_pli(options.pli);
    query.set_lot(options.lot);
    query.set_endorser(options.endorser);
    query.set_registered_mail(options.registered_mail);
    query.set_received_from(options.received_from);
    query.set_received_to(options.received_to);
    query.set_caisse(options.caisse);
    query.set_type(options.type);
    query.set_service(options.service);
    query.set_state(options.state);
    if (options.nir) {
        std::string nir;
        std::getline(std::cin, nir);
        if (nir.empty()) {
            fmt::print(stderr, "give the NIR on standard input\n");
            return runtime::kExitUsage;
        }
        query.set_nir(nir);
    }
    const auto found = desk.ask<v1::FoundPlis>(query, {.patience = kPatience});
    if (!found) return fail_with(found.error());
    for (const auto& pli : found->plis()) {
        if (options.json) {
            boost::json::array documents;
            for (const auto& row : pli.documents()) {
                documents.push_back({{"id", row.id()}, {"type", row.type()}, {"state", row.state()}});
            }
            fmt::print("{}\n", boost::json::serialize(boost::json::object{{"id", pli.id()},
                                                                          {"lot", pli.context().lot()},
                                                                          {"pli", pli.context().pli()},
                                                                          {"state", pli.state()},
                                                                          {"documents", std::move(documents)}}));
            continue;
        }
        fmt::print("{} {:<24} {:<6} {} {}\n", pli.id(), pli.context().lot(), pli.context().pli(),
                   pli.context().received_on(), pli.state());
        for (const auto& row : pli.documents()) {
            fmt::print("    {:<38} {:<12} {:<10} {}/{}\n", row.id(), row.type(), row.state(), row.caisse(),
                       row.service());
        }
    }
    if (!found->next_cursor().empty()) fmt::print(stderr, "there are more: narrow the search\n");
    return found->plis_size() > 0 ? runtime::kExitDone : runtime::kExitNo;
}

int story(const runtime::Settings& settings, const std::string& id, bool json) {
    bus::Client desk(settings.desk_endpoint());
    v1::StoryQuery query;
    query.set_id(id);
    query.set_limit(200);
    for (;;) {
        const auto page = desk.ask<v1::Story>(query, {.patience = kPatience});
        if (!page) return fail_with(page.error());
        for (const auto& one : page->events()) {
            const auto& event = one.event();
            const std::string move =
                event.from_state() == event.to_state() ? event.to_state() : event.from_state() + ">" + event.to_state();
            if (json) {
                boost::json::object out{{"seq", event.seq()},         {"at", time_text(event.at_ms())},
                                        {"kind", event.kind()},       {"actor", event.actor()},
                                        {"from", event.from_state()}, {"to", event.to_state()},
                                        {"code", event.code()},       {"detail", event.detail()}};
                if (!event.document_id().empty()) out["document_id"] = event.document_id();
                if (!one.note().empty()) out["note"] = one.note();
                fmt::print("{}\n", boost::json::serialize(out));
            } else {
                fmt::print("{} {:<22} {:<22} {:<20} {} {}\n", time_text(event.at_ms()), event.kind(), move,
                           event.actor(), event.code(), one.note());
            }
        }
        if (page->next_cursor().empty()) return runtime::kExitDone;
        query.set_cursor(page->next_cursor());
    }
}

}  // namespace pleiade::cli
