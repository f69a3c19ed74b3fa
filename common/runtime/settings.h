// The configuration of an installation: one TOML file (deploy/config/pleiade.toml documents every key), over which
// environment and flags prevail. An unknown key is an error that names the nearest known one (exit code 78).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "common/base/hub_address.h"
#include "common/base/result.h"

namespace pleiade::runtime {

struct Settings {
    std::string home = "pleiade-home";  // inbox/ done/ rejected/ vault/ ledger/ logs/ run/
    std::string config_folder;          // nomenclature.csv, routing.csv, organismes.csv, calendar...

    struct Ingest {
        std::string caisse = "595";  // of loose files dropped at the top of inbox/
        std::string platform = "DOUAI";
        std::vector<std::string> separator_prefixes = {"PLEIADE-SEP", "PATCHT"};
        std::chrono::milliseconds scan_every{500};
        std::chrono::milliseconds quiet_before_reading{1'000};  // a loose file must not have changed for that long
        std::uint64_t disk_free_bytes_min = 1ull << 30;
        std::string admin_address = "127.0.0.1";
        std::uint16_t admin_port = 9102;  // /healthz /readyz /metrics; 0 picks a free one
    } ingest;
    struct Decoder {
        std::uint64_t memory_bytes = 768ull << 20;
        int cpu_seconds = 20;
        int wall_seconds = 30;
        std::uint64_t file_bytes_max = 100ull << 20;
        std::uint64_t page_pixels_max = 80'000'000;
        int pages_max = 500;
    } decoder;
    struct Store {
        std::string url = "sqlite:";  // or postgresql://...; a password stands in a file that its `passfile=` names
    } store;
    struct Vault {
        std::string url = "file:";                   // the home's vault/; "file:/folder", "s3://...", "hub:"
        std::uint64_t cache_bytes_max = 1ull << 30;  // of copies on this machine, when the vault is elsewhere
    } vault;
    struct Hub {
        // What the hub binds; default ipc://<home>/run/work and .../desk
        std::vector<std::string> work_endpoints;
        std::vector<std::string> desk_endpoints;
        std::chrono::milliseconds lease{30'000};
        std::chrono::milliseconds service_lease{600'000};  // a document taken by a service
        int attempts_max = 5;
        std::uint64_t disk_free_bytes_min = 256ull << 20;
        std::string admin_address = "127.0.0.1";
        std::uint16_t admin_port = 9101;
    } hub;
    struct Bus {
        // Where everybody else finds the hubs, in the order in which they are tried; default: the hub of this machine.
        std::vector<std::string> work_endpoints;
        std::vector<std::string> desk_endpoints;
        // --- for tcp:// endpoints (`pleiade keys bus`)
        std::string key_file;               // this process's own; default <home>/keys/bus/<role>.key
        std::vector<std::string> hub_keys;  // public keys of the hubs
        std::string allowed_file;           // of hubs: whom they let in; default <home>/keys/bus/allowed.csv
    } bus;
    struct Reader {
        std::string tessdata_folder;
        std::string forms_folder;  // registered forms; default <home>/forms
        int processes = 2;
        int processes_min = 1;  // of `pleiade workers --readers auto`
        int processes_max = 0;  // 0: one per core
    } reader;
    struct Gateway {
        std::string address = "127.0.0.1";  // beyond loopback only behind a declared TLS proxy
        std::uint16_t port = 8080;
        // https://name[:port] of the reverse proxy that ends TLS in front; empty: plain HTTP on this machine.
        std::string behind_tls;
        // --- OpenID Connect; no issuer: local accounts only
        std::string oidc_issuer;
        std::string oidc_client_id;
        std::string oidc_client_secret_file;
        std::string oidc_redirect_uri;  // exactly as the provider knows it
        std::string oidc_ca_file;       // of the provider's certificate; empty: the system's
        bool oidc_require_mfa = true;
        std::string environment = "production";  // production, recette, formation: the band of every screen
    } gateway;
    struct Log {
        std::string level = "info";
    } log;

    std::vector<std::string> hub_work_endpoints() const;
    std::vector<std::string> hub_desk_endpoints() const;
    // For ingest and the workers; for the gateway and the command line. `role`: whose key is shown over tcp://.
    HubAddress work_endpoint(const std::string& role = "ops") const;
    HubAddress desk_endpoint(const std::string& role = "ops") const;
    std::string bus_keys_folder() const { return folder("keys/bus"); }
    std::string bus_key_file(const std::string& role) const;
    std::string bus_allowed_file() const;
    std::string forms_folder() const;
    std::string folder(const std::string& name) const { return home + "/" + name; }
};

// Reads the file (when not empty), then PLEIADE_HOME and PLEIADE_CONFIG_DIR. Errors: CONFIG_INVALID with file, line and
// column.
Result<Settings> load_settings(const std::string& file);

// Where the tables are when nobody says: $PLEIADE_CONFIG_DIR, <home>/config, /etc/pleiade, beside the program.
std::string default_config_folder(const std::string& home);
// The folder of the running program, where its sister programs are.
std::string program_folder();
Result<std::string> read_file(const std::string& path);

}  // namespace pleiade::runtime
