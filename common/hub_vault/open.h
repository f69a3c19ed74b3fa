// Opens the vault that the settings name, for programs that only read the mail.
#pragma once

#include <memory>

#include "common/base/hub_address.h"
#include "common/base/result.h"
#include "common/vault/open.h"

namespace pleiade::hub_vault {

// "hub:" asks these hubs; every other url is opened as vault::open_vault does. Errors: CONFIG_INVALID.
Result<std::unique_ptr<vault::Vault>> open_vault(const vault::VaultOptions& options, const HubAddress& hubs);

}  // namespace pleiade::hub_vault
