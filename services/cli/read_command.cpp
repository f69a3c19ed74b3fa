#include <fmt/format.h>

#include "common/ledger/beneficiary_register.h"
#include "common/runtime/service.h"
#include "common/wire/contract_json.h"
#include "services/cli/answers.h"
#include "services/cli/commands.h"
#include "services/cli/source_options.h"
#include "services/ingest/source.h"
#include "services/reader/reader.h"
#include "services/router/router.h"

namespace pleiade::cli {
namespace {

// Reads and prints one pli after another; knows at the end whether one of them could not be read.
class Printer {
  public:
    Printer(reader::Reader& reader, const router::Router& router, bool json)
        : reader_(reader), router_(router), json_(json) {}

    void read(const ingest::SourceLot& lot) {
        if (lot.rejection) return rejected(lot.lot, "", "", *lot.rejection);
        for (const auto& pli : lot.plis) read(lot, pli);
    }
    bool all_read() const { return all_read_; }

  private:
    void read(const ingest::SourceLot& lot, const ingest::SourcePli& pli) {
        if (pli.rejection) return rejected(lot.lot, pli.context.pli, pli.rejected_file, *pli.rejection);
        const auto reading = reader_.read({pli.context, pli.paths, pli.pages}, [] { return true; });
        if (!reading) return rejected(lot.lot, pli.context.pli, pli.context.file, reading.error());
        const auto decisions = router_.route(pli.context, *reading);
        if (json_) {
            fmt::print("{}\n", boost::json::serialize(wire::contract_json(pli.context, *reading, decisions)));
        } else {
            print_for_people(pli.context, *reading, decisions);
        }
        std::fflush(stdout);
    }

    void rejected(const std::string& lot, const std::string& pli, const std::string& file, const Error& error) {
        all_read_ = false;
        if (json_) fmt::print("{}\n", boost::json::serialize(wire::rejected_json(lot, pli, file, error)));
        fmt::print(stderr, "{}/{}: {}: {}\n", lot, pli, error.code, error.message);
        std::fflush(stdout);
    }

    static void print_for_people(const PliContext& context, const Reading& reading,
                                 const std::vector<Decision>& decisions) {
        fmt::print("{} pli {}  ({} pages, {:.0f} CPU-ms)\n", context.lot, context.pli, reading.pages.size(),
                   reading.cpu_ms);
        for (const auto& document : reading.documents) {
            const Decision* decision = nullptr;
            for (const auto& one : decisions) {
                if (one.document == document.id) decision = &one;
            }
            std::string pages;
            for (const int page : document.pages) pages += fmt::format("{}{}", pages.empty() ? "" : ",", page);
            std::string where = "to be keyed";
            if (decision != nullptr && decision->route) {
                where = fmt::format("{}{} {} {}", decision->kind == DecisionKind::Auto ? "" : "to be keyed, proposed ",
                                    decision->route->processed_by, decision->route->service,
                                    to_word(decision->route->priority));
            }
            fmt::print("  {}. {:<13} {:.3f}  pages {:<8} {}\n", document.id, document.type, document.confidence, pages,
                       where);
            for (const auto& reason : document.reasons) fmt::print("       {}\n", reason.text);
        }
    }

    reader::Reader& reader_;
    const router::Router& router_;
    bool json_;
    bool all_read_ = true;
};

}  // namespace

int read(const runtime::Settings& settings, const ReadOptions& options) {
    const std::shared_ptr<const Beneficiaries> beneficiaries = ledger::open_beneficiaries(settings.folder("ledger"));
    const auto router = router::Router::open(settings.config_folder, beneficiaries);
    if (!router) return fail_with(router.error());
    const auto reader = reader::Reader::open({.config_folder = settings.config_folder,
                                              .tessdata_folder = settings.reader.tessdata_folder,
                                              .forms_folder = settings.forms_folder(),
                                              .beneficiaries = beneficiaries,
                                              .digit_model = ""},
                                             (*router)->nomenclature());
    if (!reader) return fail_with(reader.error());
    auto source = source_options(settings);
    if (!source) return fail_with(source.error());
    if (!options.caisse.empty()) source->caisse = options.caisse;
    source->received_on = options.received_on;

    Printer printer(**reader, **router, options.json);
    bool all_found = true;
    for (const auto& path : options.paths) {
        const auto sources = ingest::find_sources(path);
        if (!sources) {
            fmt::print(stderr, "{}\n", sources.error().message);
            all_found = false;
            continue;
        }
        for (const auto& one : *sources) printer.read(ingest::open_source(one, *source));
    }
    return all_found && printer.all_read() ? runtime::kExitDone : runtime::kExitBadInput;
}

}  // namespace pleiade::cli
