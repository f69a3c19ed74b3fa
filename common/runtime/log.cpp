#include "common/runtime/log.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <chrono>

namespace pleiade::runtime {
namespace {

namespace json = boost::json;

struct Sink {
    std::shared_ptr<spdlog::logger> logger = [] {
        auto made = spdlog::stderr_logger_mt("pleiade");
        made->set_pattern("%v");
        return made;
    }();
    std::string service = "pleiade";
};

Sink& sink() {
    static Sink one;
    return one;
}

void write(spdlog::level::level_enum level, std::string_view word, std::string_view message,
           std::initializer_list<LogField> fields, const Error* error) {
    auto& out = sink();
    if (!out.logger->should_log(level)) return;
    const auto now = std::chrono::system_clock::now();
    const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
    const std::time_t seconds = static_cast<std::time_t>(millis / 1000);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    json::object line;
    line["@timestamp"] = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1,
                                     utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, millis % 1000);
    line["log.level"] = json::string(word);
    line["service.name"] = out.service;
    line["process.pid"] = static_cast<std::int64_t>(::getpid());
    line["message"] = json::string(message);
    if (error != nullptr) {
        line["error.code"] = error->code;
        line["error.message"] = error->message;
    }
    for (const auto& field : fields) {
        std::visit(
            [&](const auto& value) {
                if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string_view>) {
                    line[json::string_view(field.name)] = json::string(value);
                } else {
                    line[json::string_view(field.name)] = value;
                }
            },
            field.value);
    }
    out.logger->log(level, "{}", json::serialize(line));
}

}  // namespace

void log_open(const std::string& service, const std::string& level) {
    sink().service = service;
    sink().logger->set_level(spdlog::level::from_str(level));
    sink().logger->flush_on(spdlog::level::debug);
}

void log_debug(std::string_view message, std::initializer_list<LogField> fields) {
    write(spdlog::level::debug, "debug", message, fields, nullptr);
}
void log_info(std::string_view message, std::initializer_list<LogField> fields) {
    write(spdlog::level::info, "info", message, fields, nullptr);
}
void log_warning(std::string_view message, std::initializer_list<LogField> fields) {
    write(spdlog::level::warn, "warning", message, fields, nullptr);
}
void log_error(std::string_view message, std::initializer_list<LogField> fields) {
    write(spdlog::level::err, "error", message, fields, nullptr);
}
void log_error(std::string_view message, const Error& error, std::initializer_list<LogField> fields) {
    write(spdlog::level::err, "error", message, fields, &error);
}

}  // namespace pleiade::runtime
