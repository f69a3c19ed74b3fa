#include "services/binder/request.h"

#include <charconv>
#include <string_view>

namespace pleiade::binder {

namespace {

constexpr std::size_t kPagesMax = 2'000;

template <class Number>
bool read(std::string_view text, Number& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
}

bool read_page(std::string_view text, PageOrder& page) {
    const auto first = text.find(':');
    const auto second = first == std::string_view::npos ? first : text.find(':', first + 1);
    if (second == std::string_view::npos) return false;
    return read(text.substr(0, first), page.file) && read(text.substr(first + 1, second - first - 1), page.index) &&
           read(text.substr(second + 1), page.rotation) && page.index >= 0 && page.rotation >= 0 &&
           page.rotation < 360 && page.rotation % 90 == 0;
}

bool read_option(Request& request, std::string_view option) {
    const auto equals = option.find('=');
    if (!option.starts_with("--") || equals == std::string_view::npos) return false;
    const auto name = option.substr(2, equals - 2);
    const auto value = option.substr(equals + 1);
    if (name == "title") {
        request.title = value;
        return true;
    }
    if (name == "memory-bytes") return read(value, request.memory_bytes);
    if (name == "cpu-seconds") return read(value, request.cpu_seconds);
    if (name == "file") return read(value, request.file_bytes.emplace_back());
    if (name == "page") return read_page(value, request.pages.emplace_back());
    return false;
}

}  // namespace

std::optional<Request> parse_request(int count, char** arguments) {
    Request request;
    for (int i = 1; i < count; ++i) {
        if (!read_option(request, arguments[i])) return std::nullopt;
    }
    if (request.pages.empty() || request.pages.size() > kPagesMax) return std::nullopt;
    for (const auto& page : request.pages) {
        if (page.file >= request.file_bytes.size()) return std::nullopt;
    }
    return request;
}

}  // namespace pleiade::binder
