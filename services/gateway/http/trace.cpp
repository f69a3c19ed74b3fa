#include "services/gateway/http/trace.h"

#include <algorithm>
#include <random>

namespace pleiade::gateway {

std::string trace_id_from(std::string_view traceparent) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    const auto is_hex = [](char c) { return kDigits.find(c) != std::string_view::npos; };
    // 00-<32 hex>-<16 hex>-<2 hex>
    if (traceparent.size() >= 55 && traceparent[2] == '-' && traceparent[35] == '-') {
        const auto id = traceparent.substr(3, 32);
        if (std::ranges::all_of(id, is_hex) && id.find_first_not_of('0') != std::string_view::npos)
            return std::string(id);
    }
    thread_local std::mt19937_64 generator{std::random_device{}()};
    std::string id;
    for (int half = 0; half < 2; ++half) {
        auto bits = generator();
        for (int i = 0; i < 16; ++i, bits >>= 4) id += kDigits[bits & 15];
    }
    return id;
}

}  // namespace pleiade::gateway
