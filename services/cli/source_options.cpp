#include "services/cli/source_options.h"

namespace pleiade::cli {

Result<ingest::SourceOptions> source_options(const runtime::Settings& settings) {
    auto caisses = ingest::load_caisses(settings.config_folder);
    if (!caisses) return pass_on(caisses);
    ingest::SourceOptions options;
    options.caisse = settings.ingest.caisse;
    options.platform = settings.ingest.platform;
    options.caisses = std::move(*caisses);
    options.separator_prefixes = settings.ingest.separator_prefixes;
    options.decoder = settings.decoder;
    return options;
}

}  // namespace pleiade::cli
