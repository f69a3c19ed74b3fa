#include "common/runtime/service.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>

#include "common/runtime/log.h"

namespace pleiade::runtime {
namespace {

std::atomic<bool> stop_wanted{false};

extern "C" void on_stop_signal(int) {
    stop_wanted.store(true);
}

void watch_signals() {
    struct sigaction action {};
    action.sa_handler = on_stop_signal;  // no SA_RESTART: blocking calls return and see the flag
    sigaction(SIGTERM, &action, nullptr);
    sigaction(SIGINT, &action, nullptr);
    signal(SIGPIPE, SIG_IGN);
}

// A core file would hold page images and identifiers.
void keep_memory_private() {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
}

void say(const Error& error) {
    fmt::print(stderr, "{}\n", error.message);
}

}  // namespace

int exit_code_of(const Error& error) {
    static constexpr std::array kOfTheConfiguration = {"CONFIG_INVALID", "BUS_KEYS_MISSING", "BUS_KEY_INVALID",
                                                       "BUS_KEY_OPEN_TO_OTHERS"};
    if (std::ranges::find(kOfTheConfiguration, error.code) != kOfTheConfiguration.end()) return kExitConfiguration;
    switch (error.kind) {
        case ErrorKind::Invalid:
            return kExitBadInput;
        case ErrorKind::Unavailable:
            return kExitUnavailable;
        case ErrorKind::Conflict:
        case ErrorKind::NotFound:
            return kExitNo;
    }
    return kExitInternal;
}

void allow_open_files(std::uint64_t wanted) {
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= wanted) return;
    files.rlim_cur = std::min<rlim_t>(files.rlim_max, wanted);
    if (::setrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur < wanted) {
        log_warning("open files are few for the connections admitted",
                    {{"open.files", static_cast<std::int64_t>(files.rlim_cur)}});
    }
}

std::string host_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

std::string worker_name(const Service& service) {
    const auto hubs = service.settings.work_endpoint().endpoints;
    const bool alone = std::ranges::none_of(hubs, [](const auto& endpoint) { return is_tcp(endpoint); });
    return alone ? service.instance : service.instance + "@" + host_name();
}

int run_service(const std::string& name, int argc, char** argv, const std::function<int(const Service&)>& body,
                const std::function<Result<std::string>(const Settings&)>& check_config) {
    CLI::App app{"pleiade-" + name};
    std::string home;
    std::string config;
    std::string instance = name;
    bool check_only = false;
    app.add_option("--home", home, "folder of the installation");
    app.add_option("--config", config, "settings file (TOML)");
    app.add_option("--name", instance, "name of this process among its kind");
    app.add_flag("--check-config", check_only, "check the configuration and exit (0 good, 78 bad)");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? kExitDone : kExitUsage;
    }

    auto settings = load_settings(config);
    if (!settings) {
        say(settings.error());
        return kExitConfiguration;
    }
    if (!home.empty()) settings->home = home;
    settings->home = std::filesystem::absolute(settings->home).lexically_normal().string();
    if (settings->config_folder.empty()) settings->config_folder = default_config_folder(settings->home);

    if (check_only) {
        const auto checked = check_config ? check_config(*settings) : Result<std::string>("settings are good");
        if (!checked) {
            say(checked.error());
            return kExitConfiguration;
        }
        fmt::print("{}\n", *checked);
        return kExitDone;
    }

    log_open(instance, settings->log.level);
    watch_signals();
    keep_memory_private();
    try {
        return body(Service{name, instance, *settings, stop_wanted});
    } catch (const std::exception& error) {
        log_error("stopped by an exception", {{"error.message", std::string_view(error.what())}});
        return kExitInternal;
    }
}

}  // namespace pleiade::runtime
