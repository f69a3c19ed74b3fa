// The keying station's lease: what is next, the draft, and every way to end it but validation (validate.cpp).
#include <algorithm>
#include <array>

#include "common/runtime/log.h"
#include "services/gateway/api/body.h"
#include "services/gateway/api/handlers.h"
#include "services/gateway/api/idempotency.h"
#include "services/gateway/api/json.h"
#include "services/gateway/api/keying_json.h"
#include "services/gateway/api/parameters.h"
#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

namespace {

constexpr std::size_t kNameBytesMax = 100;
constexpr std::size_t kNoteBytesMax = 1'000;
constexpr std::size_t kDraftEntriesMax = 200;
constexpr std::size_t kDraftBytesMax = 4'000;
constexpr int kNextMax = 3;

// What the account has, or the part of it that was asked for.
std::vector<std::string> within(const std::vector<std::string>& own, const std::vector<std::string>& asked) {
    if (asked.empty()) return own;
    std::vector<std::string> both;
    for (const auto& one : asked) {
        if (std::ranges::find(own, one) != own.end()) both.push_back(one);
    }
    return both;
}

// Somebody who is habilitated may leave medical mail to others; nobody else gets it by asking.
bool wants_medical(const Body& body) {
    return !body.has("medical") || body.boolean("medical");
}

template <class Command>
Command lease_command(const Request& request, const Body& body) {
    Command command;
    command.set_id(request.param("id"));
    command.set_by(request.who.name);
    command.set_fence(static_cast<std::uint64_t>(body.number("fence", 1, INT64_MAX)));
    return command;
}

void log_keying(const Request& request, std::string_view action, const std::string& id) {
    runtime::log_info("keying", {{"event.action", action}, {"pleiade.lease", id}, {"trace.id", request.trace_id}});
}

Response jobs_response(const Request& request, std::string_view action, const Result<v1::KeyingJobs>& jobs) {
    if (!jobs) return problem_of(jobs.error());
    boost::json::array out;
    for (const auto& job : jobs->jobs()) {
        // Who sees content is logged, by identifiers only.
        log_keying(request, action, job.lease().id());
        out.push_back(job_json(job));
    }
    return json_response(boost::json::object{{"jobs", std::move(out)}});
}

// For what gives exactly one.
Response job_response(const Request& request, std::string_view action, const Result<v1::KeyingJobs>& jobs) {
    if (!jobs) return problem_of(jobs.error());
    // The same request, said again once its lease is over.
    if (jobs->jobs_size() != 1) return problem_of({ErrorKind::Conflict, "KEYING_LEASE_LOST", ""});
    log_keying(request, action, jobs->jobs(0).lease().id());
    return json_response(job_json(jobs->jobs(0)));
}

Response ended_response(const Request& request, std::string_view action, const Result<v1::KeyingEnded>& ended) {
    if (!ended) return problem_of(ended.error());
    log_keying(request, action, request.param("id"));
    return json_response(boost::json::object{{"documents", rows_json(ended->documents())}});
}

}  // namespace

Response get_keying_stock(const Context& context, const Request& request) {
    Parameters parameters(request);
    v1::KeyingStockQuery query;
    query.set_caisse(parameters.word("caisse", 3));
    query.set_type(parameters.word("type", 40));
    const std::string medical = parameters.word("medical", 5);
    if (parameters.refusal()) return *parameters.refusal();
    if (!medical.empty() && medical != "true" && medical != "false") {
        return problem_at(400, "PARAMETER_INVALID", "medical", "true ou false est attendu.");
    }
    query.set_without_medical(!request.who.medical || medical == "false");
    const auto stock = context.desk.ask<v1::KeyingStock>(query);
    return stock ? json_response(stock_json(*stock)) : problem_of(stock.error());
}

Response post_next(const Context& context, const Request& request) {
    Body body(request, {"by", "count", "scope", "caisses", "types", "skills", "medical"});
    v1::NextToKey command;
    command.set_by(request.who.name);
    command.set_count(static_cast<int>(body.number("count", 1, kNextMax, 1)));
    command.set_scope(body.text("scope", 10, false));
    const auto asked = body.texts("caisses", 100, 3);
    const auto caisses = request.who.caisses.empty() ? asked : within(request.who.caisses, asked);
    for (const auto& caisse : caisses) command.add_caisses(caisse);
    for (auto& type : body.texts("types", 200, 40)) command.add_types(std::move(type));
    for (const auto& skill : within(request.who.skills, body.texts("skills", 50, 40))) command.add_skills(skill);
    command.set_medical(request.who.medical && wants_medical(body));
    if (caisses.empty() && !request.who.caisses.empty()) {
        body.refuse("caisses", "Votre compte n'a pas ces caisses.");
    }
    if (!command.scope().empty() && command.scope() != "pli" && command.scope() != "document") {
        body.refuse("scope", "pli ou document est attendu.");
    }
    if (body.refusal()) return *body.refusal();
    return context.idempotency.once_without_content(request, [&](const std::string& key) {
        return jobs_response(request, "next", context.desk.ask<v1::KeyingJobs>(command, key));
    });
}

Response post_open_keying(const Context& context, const Request& request) {
    Body body(request, {"by", "skills", "medical"});
    v1::OpenToKey command;
    command.set_id(request.param("id"));
    command.set_by(request.who.name);
    for (const auto& skill : within(request.who.skills, body.texts("skills", 50, 40))) command.add_skills(skill);
    command.set_medical(request.who.medical && wants_medical(body));
    if (body.refusal()) return *body.refusal();
    return context.idempotency.once_without_content(request, [&](const std::string& key) {
        return job_response(request, "open", context.desk.ask<v1::KeyingJobs>(command, key));
    });
}

Response put_lease(const Context& context, const Request& request) {
    Body body(request, {"by", "fence"});
    const auto command = lease_command<v1::RenewKeying>(request, body);
    if (body.refusal()) return *body.refusal();
    const auto lease = context.desk.ask<v1::KeyingLease>(command);
    return lease ? json_response(lease_json(*lease)) : problem_of(lease.error());
}

Response put_draft(const Context& context, const Request& request) {
    Body body(request, {"by", "fence", "entries"});
    auto command = lease_command<v1::SaveDraft>(request, body);
    for (const auto& [path, value] : body.dictionary("entries", kDraftEntriesMax, kDraftBytesMax)) {
        v1::DraftEntry& entry = *command.add_entries();
        entry.set_path(path);
        entry.set_value(value);
    }
    if (body.refusal()) return *body.refusal();
    const auto saved = context.desk.ask<v1::DraftSaved>(command);
    if (!saved) return problem_of(saved.error());
    return json_response(boost::json::object{{"saved_at", time_text(saved->saved_at_ms())}});
}

Response post_release_keying(const Context& context, const Request& request) {
    Body body(request, {"by", "fence"});
    const auto command = lease_command<v1::ReleaseKeying>(request, body);
    if (body.refusal()) return *body.refusal();
    return context.idempotency.once(request, [&](const std::string& key) {
        return ended_response(request, "release", context.desk.ask<v1::KeyingEnded>(command, key));
    });
}

Response post_hold_keying(const Context& context, const Request& request) {
    static constexpr std::array<std::string_view, 5> kCodes = {"ILLEGIBLE", "NEEDS_ADVICE", "IMAGE_MISSING",
                                                               "WRONG_PERSON", "OTHER"};
    Body body(request, {"by", "fence", "code", "note"});
    auto command = lease_command<v1::HoldKeying>(request, body);
    command.set_code(body.text("code", 40));
    command.set_note(body.text("note", kNoteBytesMax, command.code() == "OTHER"));
    if (std::ranges::find(kCodes, command.code()) == kCodes.end()) {
        body.refuse("code", "Motifs admis: ILLEGIBLE, NEEDS_ADVICE, IMAGE_MISSING, WRONG_PERSON, OTHER.");
    }
    if (body.refusal()) return *body.refusal();
    return context.idempotency.once(request, [&](const std::string& key) {
        return ended_response(request, "hold", context.desk.ask<v1::KeyingEnded>(command, key));
    });
}

Response post_send_keying(const Context& context, const Request& request) {
    Body body(request, {"by", "fence", "to", "skill", "note"});
    auto command = lease_command<v1::SendKeying>(request, body);
    command.set_to(body.text("to", kNameBytesMax, false));
    command.set_skill(body.text("skill", 40, false));
    command.set_note(body.text("note", kNoteBytesMax, false));
    if (body.refusal()) return *body.refusal();
    return context.idempotency.once(request, [&](const std::string& key) {
        return ended_response(request, "send", context.desk.ask<v1::KeyingEnded>(command, key));
    });
}

Response post_undo_keying(const Context& context, const Request& request) {
    Body body(request, {"by", "id"});
    v1::UndoKeying command;
    command.set_by(request.who.name);
    command.set_id(body.text("id", 64, false));
    if (body.refusal()) return *body.refusal();
    return context.idempotency.once_without_content(request, [&](const std::string& key) {
        return job_response(request, "undo", context.desk.ask<v1::KeyingJobs>(command, key));
    });
}

}  // namespace pleiade::gateway
