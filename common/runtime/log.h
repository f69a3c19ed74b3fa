// JSON lines on stderr with ECS names. Never a NIR, a name, an address or document text: only identifiers of ours,
// codes, counts and durations. Thread-safe.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "common/base/result.h"

namespace pleiade::runtime {

struct LogField {
    std::string_view name;  // "pli.id", "error.code", "event.duration_ms"
    std::variant<std::string_view, std::int64_t, double> value;
};

void log_open(const std::string& service, const std::string& level);
void log_debug(std::string_view message, std::initializer_list<LogField> fields = {});
void log_info(std::string_view message, std::initializer_list<LogField> fields = {});
void log_warning(std::string_view message, std::initializer_list<LogField> fields = {});
void log_error(std::string_view message, std::initializer_list<LogField> fields = {});
void log_error(std::string_view message, const Error& error, std::initializer_list<LogField> fields = {});

}  // namespace pleiade::runtime
