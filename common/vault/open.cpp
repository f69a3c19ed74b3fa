#include "common/vault/open.h"

#include "common/vault/s3/s3_vault.h"

namespace pleiade::vault {
namespace {

constexpr std::string_view kFile = "file:";
constexpr std::string_view kS3 = "s3:";

}  // namespace

CacheOptions cache_of(const VaultOptions& options) {
    return {options.home + "/cache", options.cache_bytes_max};
}

Result<std::unique_ptr<Vault>> open_vault(const VaultOptions& options) {
    if (options.url.starts_with(kFile)) {
        const auto folder = options.url.substr(kFile.size());
        if (!folder.empty() && folder.front() != '/') {
            return invalid("CONFIG_INVALID", "vault.url: a folder is given as file:/absolute/path");
        }
        return open_posix_vault(folder.empty() ? options.home + "/vault" : folder);
    }
    if (options.url.starts_with(kS3)) {
        const auto store = parse_s3_url(options.url);
        if (!store) return pass_on(store);
        return open_s3_vault(*store, cache_of(options));
    }
    if (options.url == kHubUrl) {
        return invalid("CONFIG_INVALID",
                       "vault.url: hub: is for those who only read the mail; this program needs the store itself, "
                       "file: or s3:");
    }
    return invalid("CONFIG_INVALID", "vault.url is hub:, or begins with file: or s3:");
}

}  // namespace pleiade::vault
