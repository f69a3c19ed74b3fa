// pleiade-gateway: HTTP and the web page, in front of the hub and the vault.
#include <chrono>
#include <thread>

#include "common/bus/keys.h"
#include "common/hub_vault/open.h"
#include "common/runtime/log.h"
#include "common/runtime/service.h"
#include "services/gateway/bus_desk.h"
#include "services/gateway/gateway.h"
#include "services/gateway/oidc/provider.h"
#include "services/gateway/pages/process_binder.h"
#include "services/gateway/pages/sandboxed_images.h"

namespace {

using namespace pleiade;

int fail_with(const Error& error) {
    runtime::log_error("the gateway cannot start", error);
    // An address that is not loopback, or tables that are wrong, are the configuration's fault.
    return error.kind == ErrorKind::Invalid ? runtime::kExitConfiguration : runtime::exit_code_of(error);
}

Result<gateway::oidc::Settings> provider_settings(const runtime::Settings& settings) {
    const auto& given = settings.gateway;
    gateway::oidc::Settings wanted;
    if (given.oidc_issuer.empty()) return wanted;
    if (given.oidc_client_id.empty() || given.oidc_redirect_uri.empty() || given.oidc_client_secret_file.empty()) {
        return invalid("CONFIG_INVALID",
                       "gateway.oidc_issuer needs oidc_client_id, oidc_client_secret_file and oidc_redirect_uri");
    }
    const auto secret = runtime::read_file(given.oidc_client_secret_file);
    if (!secret) return invalid("CONFIG_INVALID", secret.error().message);
    wanted.issuer = given.oidc_issuer;
    wanted.client_id = given.oidc_client_id;
    wanted.client_secret = secret->substr(0, secret->find_last_not_of(" \r\n") + 1);
    wanted.redirect_uri = given.oidc_redirect_uri;
    wanted.ca_file = given.oidc_ca_file;
    wanted.require_mfa = given.oidc_require_mfa;
    return wanted;
}

int serve(const runtime::Service& service) {
    const auto& settings = service.settings;
    const auto reference = gateway::Reference::load(settings.config_folder, settings.gateway.environment);
    if (!reference) return fail_with(reference.error());
    const auto hubs = settings.desk_endpoint("gateway");
    if (const auto keyed = bus::check_keys(hubs); !keyed) return fail_with(keyed.error());
    const auto opened =
        hub_vault::open_vault({settings.vault.url, settings.home, settings.vault.cache_bytes_max}, hubs);
    if (!opened) return fail_with(opened.error());
    const auto& vault = *opened;
    const auto desk = gateway::bus_desk(hubs);
    const auto images = gateway::sandboxed_images(*vault, gateway::decode_limits(settings));
    const auto binder = gateway::process_binder(*vault, runtime::program_folder() + "/pleiade-binder");
    const auto texts =
        gateway::sandboxed_texts(*vault, gateway::decode_limits(settings), runtime::program_folder() + "/pleiade");
    gateway::GatewayOptions options;
    options.address = settings.gateway.address;
    options.port = settings.gateway.port;
    options.texts = texts.get();
    options.access.site.url = settings.gateway.behind_tls;
    std::unique_ptr<gateway::oidc::Provider> provider;
    if (const auto wanted = provider_settings(settings); !wanted) {
        return fail_with(wanted.error());
    } else if (!wanted->issuer.empty()) {
        provider = std::make_unique<gateway::oidc::Provider>(*wanted);
        options.access.provider = provider.get();
    }
    runtime::allow_open_files(static_cast<std::uint64_t>(options.limits.connections_max) + 512);
    const auto started = gateway::Gateway::start(options, *desk, *images, *binder, *reference);
    if (!started) return fail_with(started.error());
    runtime::log_info("gateway serves", {{"server.address", std::string_view(settings.gateway.address)},
                                         {"server.port", std::int64_t{(*started)->port()}}});
    while (!service.stop) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return runtime::kExitDone;
}

Result<std::string> check(const runtime::Settings& settings) {
    const auto reference = gateway::Reference::load(settings.config_folder, settings.gateway.environment);
    if (!reference) return pass_on(reference);
    if (const auto vault = hub_vault::open_vault({settings.vault.url, settings.home, settings.vault.cache_bytes_max},
                                                 settings.desk_endpoint("gateway"));
        !vault) {
        return pass_on(vault);
    }
    if (const auto keyed = bus::check_keys(settings.desk_endpoint("gateway")); !keyed) return pass_on(keyed);
    const gateway::PublicSite site{settings.gateway.behind_tls};
    if (const auto wanted = provider_settings(settings); !wanted) return pass_on(wanted);
    if (auto wrong = gateway::check_site(site)) return tl::unexpected<Error>(*wrong);
    if (auto wrong = gateway::check_address(settings.gateway.address, site.tls())) return tl::unexpected<Error>(*wrong);
    return "gateway: http://" + settings.gateway.address + ":" + std::to_string(settings.gateway.port) + ", " +
           std::to_string(reference->services().size()) + " services";
}

}  // namespace

int main(int argc, char** argv) {
    return runtime::run_service("gateway", argc, argv, serve, check);
}
