// How the command line opens mail, as ingest would with these settings.
#pragma once

#include "common/base/result.h"
#include "common/runtime/settings.h"
#include "services/ingest/source.h"

namespace pleiade::cli {

// Errors: those of the table of caisses.
Result<ingest::SourceOptions> source_options(const runtime::Settings& settings);

}  // namespace pleiade::cli
