// A PDF around untouched scans.
//
// A port for the same reason as PageImages. Production: the program pleiade-binder (services/binder), in a sandbox,
// since it parses received bytes.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/domain/reading.h"

namespace pleiade::gateway {

struct BoundPage {
    std::string sha256;  // of the stored file
    int index = 0;       // image in it, 0-based
    int rotation = 0;    // degrees clockwise to read it upright
};

class Binder {
  public:
    virtual ~Binder() = default;
    // The whole PDF. The same pages give the same bytes. Errors: those of the vault, BINDER_FAILED (Invalid),
    // BINDER_UNAVAILABLE (Unavailable).
    virtual Result<std::string> bind(const PliId& pli, const std::vector<BoundPage>& pages,
                                     const std::string& title) = 0;
};

}  // namespace pleiade::gateway
