// The JSON that scripts and services rely on (docs/formats/reading.md): one object per pli, its pages, documents,
// fields and routes. Used by the command line and by the gateway, so that both say the same.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/domain/pli.h"
#include "common/domain/reading.h"

namespace pleiade::wire {

// The whole line of `pleiade read --json`. `decisions` may be empty (nothing routed yet): then documents carry no
// decision, no affiliation and no route.
boost::json::object contract_json(const PliContext&, const Reading&, const std::vector<Decision>&);
boost::json::object document_json(const DocumentReading&, const Decision*);
boost::json::object page_json(const PageReading&);
boost::json::object rejected_json(const std::string& lot, const std::string& pli, const std::string& file,
                                  const Error&);

}  // namespace pleiade::wire
