// Keys of services' machines: random, shown once, kept as a digest, one service each.
#include "common/runtime/log.h"
#include "common/runtime/secrets.h"
#include "services/gateway/api/body.h"
#include "services/gateway/api/handlers.h"
#include "services/gateway/api/idempotency.h"
#include "services/gateway/api/json.h"
#include "services/gateway/api/parameters.h"
#include "services/gateway/http/problem.h"
#include "services/gateway/visibility.h"

namespace pleiade::gateway {

namespace {

boost::json::object key_json(const v1::ApiKey& key) {
    boost::json::object out{{"name", key.name()},
                            {"service", key.caisse() + "-" + key.service()},
                            {"created_by", key.created_by()},
                            {"created_at", time_text(key.created_at_ms())}};
    if (key.revoked_at_ms() > 0) out["revoked_at"] = time_text(key.revoked_at_ms());
    return out;
}

}  // namespace

Response get_keys(const Context& context, const Request&) {
    const auto answer = context.desk.ask<v1::ApiKeys>(v1::ApiKeysQuery{});
    if (!answer) return problem_of(answer.error());
    boost::json::array keys;
    for (const auto& key : answer->keys()) keys.push_back(key_json(key));
    return json_response(boost::json::object{{"keys", std::move(keys)}});
}

Response post_key(const Context& context, const Request& request) {
    Body body(request, {"name", "service"});
    v1::AddApiKey command;
    command.set_by(request.who.name);
    command.set_name(body.text("name", 60));
    const auto service = recipient_from(body.text("service", 40));
    if (!service) body.refuse("service", "Un service s'écrit 595-IJ.");
    if (body.refusal()) return *body.refusal();
    command.set_caisse(service->caisse);
    command.set_service(service->service);
    return context.idempotency.once_without_content(request, [&](const std::string&) {
        const std::string key = runtime::random_token();
        command.set_key_hash(runtime::digest_of(key));
        const auto saved = context.desk.ask<v1::ApiKeySaved>(command);
        if (!saved) return problem_of(saved.error());
        runtime::log_info("key made", {{"key.name", command.name()}, {"trace.id", request.trace_id}});
        auto out = key_json(saved->key());
        out["key"] = key;
        return json_response(out);
    });
}

Response post_revoke_key(const Context& context, const Request& request) {
    Body body(request, {});
    if (body.refusal()) return *body.refusal();
    v1::RevokeApiKey command;
    command.set_by(request.who.name);
    command.set_name(request.param("account"));
    return context.idempotency.once(request, [&](const std::string& key) {
        const auto saved = context.desk.ask<v1::ApiKeySaved>(command, key);
        return saved ? json_response(key_json(saved->key())) : problem_of(saved.error());
    });
}

}  // namespace pleiade::gateway
