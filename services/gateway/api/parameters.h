// Query parameters, read once with their limits.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "services/gateway/http/message.h"

namespace pleiade::gateway {

Response json_response(const boost::json::value& value, int status = 200);

class Parameters {
  public:
    explicit Parameters(const Request& request) : request_(request) {}

    int number(std::string_view name, int low, int high, int otherwise);
    // Letters, digits, `_`, `-`, `.`, `:`, `=`; empty when absent.
    std::string word(std::string_view name, std::size_t bytes_max = 128);

    const std::optional<Response>& refusal() const { return refusal_; }

  private:
    const Request& request_;
    std::optional<Response> refusal_;
};

}  // namespace pleiade::gateway
