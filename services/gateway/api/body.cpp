#include "services/gateway/api/body.h"

#include <algorithm>

#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

Body::Body(const Request& request, std::initializer_list<std::string_view> keys)
    : BodyPart(&root_, "", &first_refusal_) {
    if (!request.header("content-type").starts_with("application/json")) {
        first_refusal_ = problem(415, "CONTENT_TYPE_UNSUPPORTED",
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
    root_ = std::move(value.as_object());
    know(keys);
    // Who does it is who is signed in; it may be said, not chosen.
    const auto* by = root_.if_contains("by");
    if (by != nullptr && !bad() && (!by->is_string() || by->as_string() != request.who.name)) {
        first_refusal_ = problem(403, "NOT_YOURSELF", "by est le compte connecté, ou ne se dit pas.");
    }
}

void BodyPart::know(std::initializer_list<std::string_view> keys) const {
    for (const auto& member : *object_) {
        if (std::ranges::find(keys, std::string_view(member.key())) == keys.end()) {
            refuse(member.key(), "Clé inconnue.");
            return;
        }
    }
}

std::string BodyPart::checked(std::string_view key, const boost::json::value& value, std::size_t bytes_max) const {
    if (!value.is_string()) {
        refuse(key, "Un texte est attendu.");
        return {};
    }
    std::string text(value.as_string());
    if (text.size() > bytes_max) refuse(key, "Le texte dépasse " + std::to_string(bytes_max) + " octets.");
    if (std::ranges::any_of(text, [](unsigned char c) { return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f; })) {
        refuse(key, "Le texte contient des caractères de commande.");
    }
    return text;
}

std::string BodyPart::text(std::string_view key, std::size_t bytes_max, bool required) const {
    if (bad()) return {};
    const auto* value = object_->if_contains(key);
    if (value == nullptr && !required) return {};
    if (value == nullptr || !value->is_string() || (required && value->as_string().empty())) {
        refuse(key, "Un texte est attendu.");
        return {};
    }
    return checked(key, *value, bytes_max);
}

std::int64_t BodyPart::number(std::string_view key, std::int64_t low, std::int64_t high,
                              std::optional<std::int64_t> otherwise) const {
    if (bad()) return 0;
    const auto* value = object_->if_contains(key);
    if (value == nullptr && otherwise) return *otherwise;
    if (value == nullptr || !value->is_int64() || value->as_int64() < low || value->as_int64() > high) {
        refuse(key, "Un entier de " + std::to_string(low) + " à " + std::to_string(high) + " est attendu.");
        return 0;
    }
    return value->as_int64();
}

bool BodyPart::boolean(std::string_view key, bool otherwise) const {
    if (bad() || !has(key)) return otherwise;
    return boolean_required(key);
}

bool BodyPart::boolean_required(std::string_view key) const {
    if (bad()) return false;
    const auto* value = object_->if_contains(key);
    if (value == nullptr || !value->is_bool()) {
        refuse(key, "true ou false est attendu.");
        return false;
    }
    return value->as_bool();
}

const boost::json::array* BodyPart::array(std::string_view key, std::size_t items_max) const {
    if (bad()) return nullptr;
    const auto* value = object_->if_contains(key);
    if (value == nullptr) return nullptr;
    if (!value->is_array() || value->as_array().size() > items_max) {
        refuse(key, "Une liste de " + std::to_string(items_max) + " éléments au plus est attendue.");
        return nullptr;
    }
    return &value->as_array();
}

std::vector<std::string> BodyPart::texts(std::string_view key, std::size_t items_max, std::size_t bytes_max) const {
    std::vector<std::string> values;
    if (const auto* items = array(key, items_max)) {
        for (const auto& item : *items) values.push_back(checked(key, item, bytes_max));
    }
    return values;
}

std::vector<int> BodyPart::numbers(std::string_view key, std::size_t items_max, std::int64_t low,
                                   std::int64_t high) const {
    std::vector<int> values;
    if (const auto* items = array(key, items_max)) {
        for (const auto& item : *items) {
            if (!item.is_int64() || item.as_int64() < low || item.as_int64() > high) {
                refuse(key, "Des entiers de " + std::to_string(low) + " à " + std::to_string(high) + " sont attendus.");
                return {};
            }
            values.push_back(static_cast<int>(item.as_int64()));
        }
    }
    return values;
}

std::vector<BodyPart> BodyPart::parts(std::string_view key, std::size_t items_max,
                                      std::initializer_list<std::string_view> keys) const {
    std::vector<BodyPart> values;
    const auto* items = array(key, items_max);
    if (items == nullptr) return values;
    for (std::size_t i = 0; i < items->size(); ++i) {
        if (!items->at(i).is_object()) {
            refuse(key, "Une liste d'objets est attendue.");
            return {};
        }
        BodyPart part(&items->at(i).as_object(), pointer_ + "/" + std::string(key) + "/" + std::to_string(i), refusal_);
        part.know(keys);
        values.push_back(std::move(part));
    }
    return values;
}

std::vector<std::pair<std::string, std::string>> BodyPart::dictionary(std::string_view key, std::size_t items_max,
                                                                      std::size_t bytes_max) const {
    std::vector<std::pair<std::string, std::string>> values;
    if (bad()) return values;
    const auto* value = object_->if_contains(key);
    if (value == nullptr || !value->is_object() || value->as_object().size() > items_max) {
        refuse(key, "Un objet de " + std::to_string(items_max) + " textes au plus est attendu.");
        return values;
    }
    for (const auto& member : value->as_object()) {
        values.emplace_back(member.key(), checked(key, member.value(), bytes_max));
    }
    return values;
}

std::vector<std::pair<std::string, int>> BodyPart::number_dictionary(std::string_view key,
                                                                     std::size_t items_max) const {
    std::vector<std::pair<std::string, int>> values;
    if (bad() || !has(key)) return values;
    const auto* value = object_->if_contains(key);
    if (!value->is_object() || value->as_object().size() > items_max) {
        refuse(key, "Un objet de " + std::to_string(items_max) + " nombres au plus est attendu.");
        return values;
    }
    for (const auto& member : value->as_object()) {
        if (!member.value().is_int64() || member.value().as_int64() < 0 || member.value().as_int64() > 99'999) {
            refuse(key, "Des nombres sont attendus.");
            return {};
        }
        values.emplace_back(member.key(), static_cast<int>(member.value().as_int64()));
    }
    return values;
}

void BodyPart::refuse(std::string_view key, const std::string& detail) const {
    if (!*refusal_) *refusal_ = problem_at(400, "BODY_INVALID", pointer_ + "/" + std::string(key), detail);
}

}  // namespace pleiade::gateway
