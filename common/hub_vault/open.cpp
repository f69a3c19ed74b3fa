#include "common/hub_vault/open.h"

#include "common/hub_vault/hub_vault.h"

namespace pleiade::hub_vault {

Result<std::unique_ptr<vault::Vault>> open_vault(const vault::VaultOptions& options, const HubAddress& hubs) {
    if (options.url == vault::kHubUrl) return open_hub_vault(hubs, vault::cache_of(options));
    return vault::open_vault(options);
}

}  // namespace pleiade::hub_vault
