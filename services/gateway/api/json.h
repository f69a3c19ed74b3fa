// The bus's messages as the API's JSON. Names are those of the contract where it has them.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "common/wire/messages.h"

namespace pleiade::gateway {

// The object of `pleiade status --json`, plus what the live page shows.
boost::json::object status_json(const v1::Status& status);
boost::json::object queue_json(const v1::QueueRow& queue);
boost::json::object row_json(const v1::DocumentRow& row);
boost::json::object context_json(const v1::PliContext& context);
boost::json::object rejection_json(const v1::RejectionRow& rejection);
boost::json::object worker_json(const v1::WorkerRow& worker);

enum class EventDetail {
    Codes,  // identifiers, states and codes: what may travel to every live page
    Full,   // also who and the note given: for the history of one document
};
boost::json::object event_json(const v1::Event& event, EventDetail detail);

// RFC 3339 in UTC, milliseconds; empty for 0.
std::string time_text(std::int64_t at_ms);

}  // namespace pleiade::gateway
