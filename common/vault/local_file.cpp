#include "common/vault/local_file.h"

namespace pleiade::vault {

Result<LocalFile> LocalFile::of(const Vault& vault, const PliId& pli, const std::string& sha256) {
    const auto opened = vault.open(pli, sha256);
    if (!opened) return pass_on(opened);
    return LocalFile(Fd(*opened));
}

}  // namespace pleiade::vault
