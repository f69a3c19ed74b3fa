// `pleiade submit`: hands a lot over from where it stands, by the same code as the ingest process.
#pragma once

#include <string>

#include "common/bus/client.h"
#include "common/runtime/settings.h"
#include "services/ingest/lot_report.h"

namespace pleiade::ingest {

// Returns once every pli of the lot is durable or its rejection is counted; the source is neither moved nor changed.
// Idempotent, also with an ingest process that is given the same lot. `report.rejection` and each pli's say what was
// refused. Errors: Unavailable (no hub, no disk, no decoder), NotFound (no such lot), CONFIG_INVALID.
// `client` is connected to settings.work_endpoint().
Result<LotReport> submit_lot(const std::string& lot_folder, const runtime::Settings& settings, bus::Client& client);

}  // namespace pleiade::ingest
