// The hubs of a list one by one, for what each of them knows for itself.
#pragma once

#include <vector>

#include "common/base/hub_address.h"

namespace pleiade {

// With the same keys, in the same order.
inline std::vector<HubAddress> each_of(const HubAddress& hubs) {
    std::vector<HubAddress> each(hubs.endpoints.size(), hubs);
    for (std::size_t i = 0; i < each.size(); ++i) each[i].endpoints = {hubs.endpoints[i]};
    return each;
}

}  // namespace pleiade
