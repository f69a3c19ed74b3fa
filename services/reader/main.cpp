// pleiade-reader: leases plis to read from the hub, one at a time, and answers with their reading.
#include <fmt/format.h>

#include "common/bus/keys.h"
#include "common/bus/worker.h"
#include "common/domain/nomenclature.h"
#include "common/hub_vault/open.h"
#include "common/ledger/beneficiary_register.h"
#include "common/runtime/log.h"
#include "common/runtime/service.h"
#include "common/wire/convert.h"
#include "services/reader/open_pli.h"
#include "services/reader/reader.h"

namespace pleiade {
namespace {

Result<Nomenclature> load_nomenclature(const std::string& folder) {
    const auto csv = runtime::read_file(folder + "/nomenclature.csv");
    if (!csv) return pass_on(csv);
    return Nomenclature::parse(*csv, "nomenclature.csv");
}

reader::ReaderSettings reader_settings(const runtime::Settings& settings) {
    reader::ReaderSettings reader;
    reader.config_folder = settings.config_folder;
    reader.tessdata_folder = settings.reader.tessdata_folder;
    reader.forms_folder = settings.forms_folder();
    reader.beneficiaries = ledger::open_beneficiaries(settings.folder("ledger"));
    return reader;
}

Result<std::string> check(const runtime::Settings& settings) {
    const auto nomenclature = load_nomenclature(settings.config_folder);
    if (!nomenclature) return pass_on(nomenclature);
    const auto opened = reader::Reader::open(reader_settings(settings), *nomenclature);
    if (!opened) return pass_on(opened);
    if (const auto vault = hub_vault::open_vault({settings.vault.url, settings.home, settings.vault.cache_bytes_max},
                                                 settings.work_endpoint("reader"));
        !vault) {
        return pass_on(vault);
    }
    if (const auto keyed = bus::check_keys(settings.work_endpoint("reader")); !keyed) return pass_on(keyed);
    return fmt::format("{} types of document", nomenclature->types().size());
}

int run(const runtime::Service& service) {
    const auto& settings = service.settings;
    const auto nomenclature = load_nomenclature(settings.config_folder);
    if (!nomenclature) {
        runtime::log_error("the nomenclature cannot be used", nomenclature.error());
        return runtime::kExitConfiguration;
    }
    const auto opened = reader::Reader::open(reader_settings(settings), *nomenclature);
    if (!opened) {
        runtime::log_error("the reader cannot start", opened.error());
        return opened.error().kind == ErrorKind::Invalid ? runtime::kExitConfiguration : runtime::kExitUnavailable;
    }
    const auto vault = hub_vault::open_vault({settings.vault.url, settings.home, settings.vault.cache_bytes_max},
                                             settings.work_endpoint("reader"));
    if (!vault) {
        runtime::log_error("the reader cannot start", vault.error());
        return runtime::exit_code_of(vault.error());
    }

    const auto handle = [&](const v1::Lease& lease, bus::TaskContext& context) -> Result<v1::Done> {
        const auto alive = [&context] { return context.alive(); };
        const auto pli = reader::open_pli(**vault, lease, alive);
        if (!pli) return pass_on(pli);
        const auto reading = (*opened)->read(pli->files, alive);
        if (!reading) return pass_on(reading);
        runtime::log_info("pli read", {{"pli.id", std::string_view(lease.pli_id())},
                                       {"reader.pages", static_cast<std::int64_t>(reading->pages.size())},
                                       {"reader.documents", static_cast<std::int64_t>(reading->documents.size())},
                                       {"reader.cpu_ms", reading->cpu_ms}});
        v1::Done done;
        *done.mutable_reading() = wire::to_proto(*reading);
        return done;
    };
    bus::WorkerOptions options;
    options.hubs = settings.work_endpoint("reader");
    options.name = runtime::worker_name(service);
    options.stages = {"read"};
    if (const auto ran = bus::run_worker(options, handle, service.stop); !ran) {
        runtime::log_error("the reader cannot speak to the hubs", ran.error());
        return runtime::exit_code_of(ran.error());
    }
    return runtime::kExitDone;
}

}  // namespace
}  // namespace pleiade

int main(int argc, char** argv) {
    return pleiade::runtime::run_service("reader", argc, argv, pleiade::run, pleiade::check);
}
