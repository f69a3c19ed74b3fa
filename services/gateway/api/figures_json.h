// The wall's figures as JSON, for the API and the live stream.
#pragma once

#include <boost/json.hpp>

#include "common/wire/messages.h"

namespace pleiade::gateway {

boost::json::object figures_json(const v1::Figures& figures);

}  // namespace pleiade::gateway
