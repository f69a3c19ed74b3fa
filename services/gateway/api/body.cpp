#include "services/gateway/api/body.h"

#include <algorithm>

#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

Body::Body(const Request& request, std::initializer_list<std::string_view> keys) {
    if (!request.header("content-type").starts_with("application/json")) {
        refusal_ = problem(415, "CONTENT_TYPE_UNSUPPORTED",
                           "Le corps doit être du JSON, avec Content-Type: application/json.");
        return;
    }
    boost::json::parse_options options;
    options.max_depth = 8;
    boost::json::error_code error;
    auto value = boost::json::parse(request.body, error, {}, options);
    if (error || !value.is_object()) {
        refuse("", "Le corps doit être un objet JSON.");
        return;
    }
    object_ = std::move(value.as_object());
    for (const auto& member : object_) {
        if (std::ranges::find(keys, std::string_view(member.key())) == keys.end()) {
            refuse(member.key(), "Clé inconnue.");
            return;
        }
    }
}

std::string Body::text(std::string_view key, std::size_t bytes_max, bool required) {
    if (refusal_) return {};
    const auto* value = object_.if_contains(key);
    if (value == nullptr && !required) return {};
    if (value == nullptr || !value->is_string() || (required && value->as_string().empty())) {
        refuse(key, "Un texte est attendu.");
        return {};
    }
    std::string text(value->as_string());
    if (text.size() > bytes_max) refuse(key, "Le texte dépasse " + std::to_string(bytes_max) + " octets.");
    if (std::ranges::any_of(text, [](unsigned char c) { return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f; })) {
        refuse(key, "Le texte contient des caractères de commande.");
    }
    return text;
}

std::int64_t Body::number(std::string_view key, std::int64_t low, std::int64_t high,
                          std::optional<std::int64_t> otherwise) {
    if (refusal_) return 0;
    const auto* value = object_.if_contains(key);
    if (value == nullptr && otherwise) return *otherwise;
    if (value == nullptr || !value->is_int64() || value->as_int64() < low || value->as_int64() > high) {
        refuse(key, "Un entier de " + std::to_string(low) + " à " + std::to_string(high) + " est attendu.");
        return 0;
    }
    return value->as_int64();
}

void Body::refuse(std::string_view key, const std::string& detail) {
    if (!refusal_) refusal_ = problem_at(400, "BODY_INVALID", "/" + std::string(key), detail);
}

}  // namespace pleiade::gateway
