#include "common/vault/open.h"

namespace pleiade::vault {
namespace {

constexpr std::string_view kFile = "file:";

}  // namespace

Result<std::unique_ptr<Vault>> open_vault(const VaultOptions& options) {
    if (options.url.starts_with(kFile)) {
        const auto folder = options.url.substr(kFile.size());
        if (!folder.empty() && folder.front() != '/') {
            return invalid("CONFIG_INVALID", "vault.url: a folder is given as file:/absolute/path");
        }
        return open_posix_vault(folder.empty() ? options.home + "/vault" : folder);
    }
    return invalid("CONFIG_INVALID", "vault.url begins with file:");
}

}  // namespace pleiade::vault
