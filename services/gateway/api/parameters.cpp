#include "services/gateway/api/parameters.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

Response json_response(const boost::json::value& value, int status) {
    Response response;
    response.status = status;
    response.body = boost::json::serialize(value);
    return response;
}

int Parameters::number(std::string_view name, int low, int high, int otherwise) {
    const auto text = request_.query_value(name);
    if (!text || refusal_) return otherwise;
    int value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc{} || end != text->data() + text->size() || value < low || value > high) {
        refusal_ = problem_at(400, "PARAMETER_INVALID", std::string(name),
                              "Un entier de " + std::to_string(low) + " à " + std::to_string(high) + " est attendu.");
        return otherwise;
    }
    return value;
}

std::string Parameters::word(std::string_view name, std::size_t bytes_max) {
    const auto text = request_.query_value(name);
    if (!text || refusal_) return {};
    const auto plain = [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.' || c == '=' || c == ':';
    };
    if (text->size() > bytes_max || !std::ranges::all_of(*text, plain)) {
        refusal_ = problem_at(400, "PARAMETER_INVALID", std::string(name),
                              "Seuls les lettres sans accent, les chiffres et _ - . : = sont admis ici.");
        return {};
    }
    return *text;
}

}  // namespace pleiade::gateway
