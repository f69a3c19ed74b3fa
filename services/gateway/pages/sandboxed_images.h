// Page images out of the vault, decoded by pleiade-decoder in its sandbox, encoded again for browsers: a received byte
// never reaches one.
#pragma once

#include <memory>

#include "common/runtime/settings.h"
#include "common/vault/vault.h"
#include "common/vision/decode.h"
#include "services/gateway/pages/page_images.h"

namespace pleiade::gateway {

vision::DecodeLimits decode_limits(const runtime::Settings& settings);

// The vault must outlive it.
std::unique_ptr<PageImages> sandboxed_images(const vault::Vault& vault, const vision::DecodeLimits& limits);

}  // namespace pleiade::gateway
