#include "common/runtime/settings.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <type_traits>

#include "common/base/csv.h"

namespace pleiade::runtime {
namespace {

namespace fs = std::filesystem;

// One key of the file: where it stands, what it accepts (for the error), how it is taken.
struct Key {
    std::string section;
    std::string name;
    std::string accepts;
    std::function<bool(Settings&, const toml::node&)> take;
};

template <class Group, class Field>
Key number(std::string section, std::string name, Group Settings::*group, Field Group::*field, std::int64_t min,
           std::int64_t max) {
    return {std::move(section), std::move(name), fmt::format("a whole number from {} to {}", min, max),
            [=](Settings& settings, const toml::node& node) {
                const auto value = node.value_exact<std::int64_t>();
                if (!value || *value < min || *value > max) return false;
                if constexpr (std::is_arithmetic_v<Field>) {
                    settings.*group.*field = static_cast<Field>(*value);
                } else {
                    settings.*group.*field = Field{*value};
                }
                return true;
            }};
}

template <class Group>
Key text(std::string section, std::string name, Group Settings::*group, std::string Group::*field) {
    return {std::move(section), std::move(name), "a text between quotes",
            [=](Settings& settings, const toml::node& node) {
                const auto value = node.value_exact<std::string>();
                if (value) settings.*group.*field = *value;
                return value.has_value();
            }};
}

template <class Group>
Key yes_or_no(std::string section, std::string name, Group Settings::*group, bool Group::*field) {
    return {std::move(section), std::move(name), "true or false", [=](Settings& settings, const toml::node& node) {
                const auto value = node.value_exact<bool>();
                if (value) settings.*group.*field = *value;
                return value.has_value();
            }};
}

template <class Group>
Key choice(std::string section, std::string name, Group Settings::*group, std::string Group::*field,
           std::vector<std::string> choices) {
    return {std::move(section), std::move(name), fmt::format("one of {}", fmt::join(choices, ", ")),
            [=](Settings& settings, const toml::node& node) {
                const auto value = node.value_exact<std::string>();
                if (!value || std::ranges::find(choices, *value) == choices.end()) return false;
                settings.*group.*field = *value;
                return true;
            }};
}

Key top_text(std::string name, std::string Settings::*field) {
    return {"", std::move(name), "a text between quotes", [=](Settings& settings, const toml::node& node) {
                const auto value = node.value_exact<std::string>();
                if (value) settings.*field = *value;
                return value.has_value();
            }};
}

// A list of texts, each of which `good` takes.
template <class Group>
Key text_list(std::string section, std::string name, Group Settings::*group, std::vector<std::string> Group::*field,
              std::string accepts = "a list of texts", bool (*good)(std::string_view) = nullptr) {
    return {std::move(section), std::move(name), std::move(accepts), [=](Settings& settings, const toml::node& node) {
                const auto* array = node.as_array();
                if (array == nullptr) return false;
                std::vector<std::string> values;
                for (const auto& item : *array) {
                    const auto value = item.value_exact<std::string>();
                    if (!value || (good != nullptr && !good(*value))) return false;
                    values.push_back(*value);
                }
                settings.*group.*field = std::move(values);
                return true;
            }};
}

// ipc://PATH, or tcp://HOST:PORT: what ZeroMQ would refuse later, with less to go by.
bool is_endpoint(const std::string& text) {
    constexpr std::string_view kIpc = "ipc://";
    if (text.rfind(kIpc, 0) == 0) return text.size() > kIpc.size();
    if (!is_tcp(text)) return false;
    const auto colon = text.rfind(':');
    const auto port = text.substr(colon + 1);
    return colon > std::string_view("tcp://").size() && !port.empty() && port.size() <= 5 &&
           (port == "*" || port.find_first_not_of("0123456789") == std::string::npos);
}

template <class Group>
Key endpoints(std::string section, std::string name, Group Settings::*group, std::vector<std::string> Group::*field) {
    return {std::move(section), std::move(name), "ipc://PATH or tcp://HOST:PORT, or a list of them",
            [=](Settings& settings, const toml::node& node) {
                std::vector<std::string> values;
                if (const auto one = node.value_exact<std::string>()) values = HubAddress(*one).endpoints;
                if (const auto* array = node.as_array()) {
                    for (const auto& item : *array) values.push_back(item.value_exact<std::string>().value_or(""));
                }
                if (values.empty() || !std::ranges::all_of(values, is_endpoint)) return false;
                settings.*group.*field = std::move(values);
                return true;
            }};
}

constexpr std::int64_t kBytesMax = std::int64_t{1} << 50;

const std::vector<Key>& keys() {
    using S = Settings;
    static const std::vector<Key> all = {
        top_text("home", &S::home),
        top_text("config_folder", &S::config_folder),
        text("ingest", "caisse", &S::ingest, &S::Ingest::caisse),
        text("ingest", "platform", &S::ingest, &S::Ingest::platform),
        text_list("ingest", "separator_prefixes", &S::ingest, &S::Ingest::separator_prefixes),
        number("ingest", "scan_every_ms", &S::ingest, &S::Ingest::scan_every, 10, 60'000),
        number("ingest", "quiet_before_reading_ms", &S::ingest, &S::Ingest::quiet_before_reading, 0, 600'000),
        number("ingest", "disk_free_bytes_min", &S::ingest, &S::Ingest::disk_free_bytes_min, 0, kBytesMax),
        text("ingest", "admin_address", &S::ingest, &S::Ingest::admin_address),
        number("ingest", "admin_port", &S::ingest, &S::Ingest::admin_port, 0, 65'535),
        number("decoder", "memory_bytes", &S::decoder, &S::Decoder::memory_bytes, 64 << 20, kBytesMax),
        number("decoder", "cpu_seconds", &S::decoder, &S::Decoder::cpu_seconds, 1, 600),
        number("decoder", "wall_seconds", &S::decoder, &S::Decoder::wall_seconds, 1, 600),
        number("decoder", "file_bytes_max", &S::decoder, &S::Decoder::file_bytes_max, 1024, kBytesMax),
        number("decoder", "page_pixels_max", &S::decoder, &S::Decoder::page_pixels_max, 1'000'000, 1'000'000'000),
        number("decoder", "pages_max", &S::decoder, &S::Decoder::pages_max, 1, 10'000),
        text("store", "url", &S::store, &S::Store::url),
        text("vault", "url", &S::vault, &S::Vault::url),
        number("vault", "cache_bytes_max", &S::vault, &S::Vault::cache_bytes_max, 0, kBytesMax),
        endpoints("hub", "work_endpoint", &S::hub, &S::Hub::work_endpoints),
        endpoints("hub", "desk_endpoint", &S::hub, &S::Hub::desk_endpoints),
        number("hub", "lease_ms", &S::hub, &S::Hub::lease, 500, 3'600'000),
        number("hub", "service_lease_ms", &S::hub, &S::Hub::service_lease, 500, 86'400'000),
        number("hub", "attempts_max", &S::hub, &S::Hub::attempts_max, 1, 100),
        number("hub", "disk_free_bytes_min", &S::hub, &S::Hub::disk_free_bytes_min, 0, kBytesMax),
        text("hub", "admin_address", &S::hub, &S::Hub::admin_address),
        number("hub", "admin_port", &S::hub, &S::Hub::admin_port, 0, 65'535),
        endpoints("bus", "work_endpoints", &S::bus, &S::Bus::work_endpoints),
        endpoints("bus", "desk_endpoints", &S::bus, &S::Bus::desk_endpoints),
        text("bus", "key_file", &S::bus, &S::Bus::key_file),
        text_list("bus", "hub_keys", &S::bus, &S::Bus::hub_keys, "a list of public keys of hubs, 40 characters each",
                  is_bus_key),
        text("bus", "allowed_file", &S::bus, &S::Bus::allowed_file),
        text("reader", "tessdata_folder", &S::reader, &S::Reader::tessdata_folder),
        text("reader", "forms_folder", &S::reader, &S::Reader::forms_folder),
        number("reader", "processes", &S::reader, &S::Reader::processes, 0, 256),
        number("reader", "processes_min", &S::reader, &S::Reader::processes_min, 0, 256),
        number("reader", "processes_max", &S::reader, &S::Reader::processes_max, 0, 256),
        text("gateway", "address", &S::gateway, &S::Gateway::address),
        number("gateway", "port", &S::gateway, &S::Gateway::port, 0, 65'535),
        text("gateway", "behind_tls", &S::gateway, &S::Gateway::behind_tls),
        text("gateway", "oidc_issuer", &S::gateway, &S::Gateway::oidc_issuer),
        text("gateway", "oidc_client_id", &S::gateway, &S::Gateway::oidc_client_id),
        text("gateway", "oidc_client_secret_file", &S::gateway, &S::Gateway::oidc_client_secret_file),
        text("gateway", "oidc_redirect_uri", &S::gateway, &S::Gateway::oidc_redirect_uri),
        text("gateway", "oidc_ca_file", &S::gateway, &S::Gateway::oidc_ca_file),
        yes_or_no("gateway", "oidc_require_mfa", &S::gateway, &S::Gateway::oidc_require_mfa),
        choice("gateway", "environment", &S::gateway, &S::Gateway::environment, {"production", "recette", "formation"}),
        text("log", "level", &S::log, &S::Log::level),
    };
    return all;
}

// The way to the hub of this machine: what it binds for others too ("tcp://*:7101") is not an address to call.
std::vector<std::string> own_endpoints(const std::vector<std::string>& bound) {
    std::vector<std::string> local;
    std::ranges::copy_if(bound, std::back_inserter(local), [](const auto& endpoint) { return !is_tcp(endpoint); });
    return local.empty() ? bound : local;
}

std::string full_name(const Key& key) {
    return key.section.empty() ? key.name : key.section + "." + key.name;
}

// Plain edit distance: the names are short and few.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
        }
    }
    return row.back();
}

std::string nearest_key(const std::string& name) {
    const auto nearest = std::min_element(keys().begin(), keys().end(), [&](const Key& a, const Key& b) {
        return distance(full_name(a), name) < distance(full_name(b), name);
    });
    return full_name(*nearest);
}

tl::unexpected<Error> at(const std::string& file, const toml::source_position& where, std::string_view what) {
    return invalid("CONFIG_INVALID", fmt::format("{}:{}:{}: {}", file, where.line, where.column, what));
}

Result<void> take_key(Settings& settings, const std::string& file, const std::string& section, const toml::key& name,
                      const toml::node& node) {
    const std::string full = section.empty() ? std::string(name.str()) : section + "." + std::string(name.str());
    const auto key = std::find_if(keys().begin(), keys().end(), [&](const Key& k) { return full_name(k) == full; });
    if (key == keys().end()) {
        return at(file, name.source().begin,
                  fmt::format("unknown key «{}»; the nearest one is «{}»", full, nearest_key(full)));
    }
    if (!key->take(settings, node)) {
        return at(file, node.source().begin, fmt::format("«{}» takes {}", full, key->accepts));
    }
    return {};
}

Result<void> take_table(Settings& settings, const std::string& file, const toml::table& table) {
    for (const auto& [name, node] : table) {
        if (const auto* section = node.as_table()) {
            for (const auto& [inner, value] : *section) {
                if (auto taken = take_key(settings, file, std::string(name.str()), inner, value); !taken) return taken;
            }
        } else if (auto taken = take_key(settings, file, "", name, node); !taken) {
            return taken;
        }
    }
    return {};
}

}  // namespace

std::vector<std::string> Settings::hub_work_endpoints() const {
    return hub.work_endpoints.empty() ? std::vector{"ipc://" + folder("run/work")} : hub.work_endpoints;
}
std::vector<std::string> Settings::hub_desk_endpoints() const {
    return hub.desk_endpoints.empty() ? std::vector{"ipc://" + folder("run/desk")} : hub.desk_endpoints;
}
HubAddress Settings::work_endpoint(const std::string& role) const {
    HubAddress hubs(bus.work_endpoints.empty() ? own_endpoints(hub_work_endpoints()) : bus.work_endpoints);
    hubs.key_file = bus_key_file(role);
    hubs.hub_keys = bus.hub_keys;
    return hubs;
}
HubAddress Settings::desk_endpoint(const std::string& role) const {
    HubAddress hubs = work_endpoint(role);
    hubs.endpoints = bus.desk_endpoints.empty() ? own_endpoints(hub_desk_endpoints()) : bus.desk_endpoints;
    return hubs;
}
std::string Settings::bus_key_file(const std::string& role) const {
    return bus.key_file.empty() ? bus_keys_folder() + "/" + role + ".key" : bus.key_file;
}
std::string Settings::bus_allowed_file() const {
    return bus.allowed_file.empty() ? bus_keys_folder() + "/allowed.csv" : bus.allowed_file;
}
std::string Settings::forms_folder() const {
    return reader.forms_folder.empty() ? folder("forms") : reader.forms_folder;
}

Result<std::string> read_file(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    if (!stream) return not_found("FILE_UNREADABLE", fmt::format("cannot read {}; check its path and rights", path));
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

std::string program_folder() {
    std::error_code error;
    const auto program = fs::read_symlink("/proc/self/exe", error);
    return error ? "." : program.parent_path().string();
}

std::string default_config_folder(const std::string& home) {
    std::vector<fs::path> candidates;
    if (const char* named = std::getenv("PLEIADE_CONFIG_DIR"); named != nullptr && *named != '\0') {
        candidates.emplace_back(named);
    }
    const fs::path programs = program_folder();
    candidates.insert(candidates.end(),
                      {fs::path(home) / "config", "/etc/pleiade", programs / "../share/pleiade/config",
                       programs / "../../../deploy/config", "deploy/config"});
    for (const auto& candidate : candidates) {
        std::error_code error;
        if (fs::exists(candidate / "nomenclature.csv", error)) return fs::weakly_canonical(candidate, error).string();
    }
    return candidates.front().string();
}

Result<Settings> load_settings(const std::string& file) {
    Settings settings;
    if (!file.empty()) {
        const auto content = read_file(file);
        if (!content) return invalid("CONFIG_INVALID", content.error().message);
        try {
            const auto table = toml::parse(*content, file);
            if (auto taken = take_table(settings, file, table); !taken) return pass_on(taken);
        } catch (const toml::parse_error& error) {
            return at(file, error.source().begin, error.description());
        }
    }
    if (const char* home = std::getenv("PLEIADE_HOME"); home != nullptr && *home != '\0') settings.home = home;
    return settings;
}

}  // namespace pleiade::runtime
