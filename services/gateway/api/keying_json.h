// A keyer's job, a recall, the stock: the bus's messages as the API's JSON.
#pragma once

#include <boost/json.hpp>

#include "common/wire/messages.h"

namespace pleiade::gateway {

boost::json::object lease_json(const v1::KeyingLease& lease);
boost::json::object job_json(const v1::KeyingJob& job);
boost::json::object stock_json(const v1::KeyingStock& stock);
boost::json::object recall_json(const v1::RecallRow& recall);
boost::json::array rows_json(const google::protobuf::RepeatedPtrField<v1::DocumentRow>& rows);

// Where a page's image is served: by its file's digest, so that what a cache holds is always that image.
std::string image_address(const std::string& pli_id, const v1::StoredFile& file, int index);

}  // namespace pleiade::gateway
