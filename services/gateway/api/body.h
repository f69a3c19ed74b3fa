// The JSON body of a POST, read key by key; the first thing that is wrong becomes the problem.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "services/gateway/http/message.h"

namespace pleiade::gateway {

class Body {
  public:
    // `keys`: all that are known; another one is refused, since it is a typing mistake that would go unseen.
    Body(const Request& request, std::initializer_list<std::string_view> keys);

    // 1 to `bytes_max` bytes of UTF-8 without control characters; empty when absent and not required.
    std::string text(std::string_view key, std::size_t bytes_max, bool required = true);
    std::int64_t number(std::string_view key, std::int64_t low, std::int64_t high,
                        std::optional<std::int64_t> otherwise = std::nullopt);

    // Set once something was wrong.
    const std::optional<Response>& refusal() const { return refusal_; }

  private:
    void refuse(std::string_view key, const std::string& detail);

    boost::json::object object_;
    std::optional<Response> refusal_;
};

}  // namespace pleiade::gateway
