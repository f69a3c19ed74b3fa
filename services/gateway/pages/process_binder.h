// The binder in its own sandboxed process, over the files of the vault.
#pragma once

#include <memory>
#include <string>

#include "common/vault/vault.h"
#include "services/gateway/pages/binder.h"

namespace pleiade::gateway {

struct BinderLimits {
    std::uint64_t memory_bytes = 1ull << 30;
    int cpu_seconds = 20;
    int wall_seconds = 30;
    std::uint64_t input_bytes_max = 512ull << 20;
};

// `program`: path of pleiade-binder. The vault must outlive the binder.
std::unique_ptr<Binder> process_binder(const vault::Vault& vault, const std::string& program,
                                       const BinderLimits& limits = {});

}  // namespace pleiade::gateway
