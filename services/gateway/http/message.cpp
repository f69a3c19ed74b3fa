#include "services/gateway/http/message.h"

#include "common/base/check.h"

namespace pleiade::gateway {

const std::string& Request::param(std::string_view name) const {
    const auto found = params.find(name);
    PLEIADE_CHECK(found != params.end());
    return found->second;
}

std::optional<std::string> Request::query_value(std::string_view name) const {
    for (const auto& [key, value] : query) {
        if (key == name) return value;
    }
    return std::nullopt;
}

std::string_view Request::header(std::string_view name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace pleiade::gateway
