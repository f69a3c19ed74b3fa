#include "common/vault/layout.h"

#include "common/base/check.h"
#include "common/base/sha256.h"
#include "common/vault/vault.h"

namespace pleiade::vault {

bool is_pli_id(const std::string& id) {
    return id.size() == 32 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string folder_of(const PliId& pli) {
    PLEIADE_CHECK(is_pli_id(pli.str()));
    return pli.str().substr(0, 2) + "/" + pli.str();
}

std::string place_of(const PliId& pli, const std::string& sha256) {
    PLEIADE_CHECK(is_sha256_hex(sha256));
    return folder_of(pli) + "/" + sha256;
}

std::string shard_name(int shard) {
    PLEIADE_CHECK(shard >= 0 && shard < kShards);
    static constexpr char kDigits[] = "0123456789abcdef";
    return {kDigits[shard / 16], kDigits[shard % 16]};
}

}  // namespace pleiade::vault
