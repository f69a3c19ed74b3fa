// pleiade-mail: writes lots of invented mail, and the truth of each pli beside them.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "common/base/csv.h"
#include "tests/mail/blanks.h"
#include "tests/mail/mailbag.h"
#include "tests/mail/painter.h"

namespace {

namespace fs = std::filesystem;

// The tables of the system that will read the mail: beside the working folder, or where the tests say the source is.
std::string default_config() {
    if (fs::exists("deploy/config/nomenclature.csv")) return "deploy/config";
    const char* source = std::getenv("PLEIADE_SOURCE");
    return source != nullptr ? std::string(source) + "/deploy/config" : "deploy/config";
}

int run(int argc, char** argv) {
    using namespace pleiade;
    mail::MailOrder order;
    std::string half, defects = "on", types, fonts, blanks, config = default_config();
    std::vector<int> editions = {1, 2};
    CLI::App app{"Writes lots of invented health-insurance mail with their ground truth (truth.jsonl)."};
    app.add_option("--out", order.out, "folder to write the lots in");
    app.add_option("--blanks", blanks,
                   "folder to write the blank sheets of the printed forms in (before the mail, if any)");
    app.add_option("--editions", editions, "print runs whose blanks are written, of 1, 2 and 3")
        ->delimiter(',')
        ->check(CLI::Range(1, mail::kEditions));
    app.add_option("--plis", order.plis, "number of plis")->check(CLI::Range(1, 1'000'000));
    app.add_option("--seed", order.seed, "the same seed draws the same mail");
    app.add_option("--half", half, "train or test: the halves share no template")
        ->required()
        ->check(CLI::IsMember({"train", "test"}));
    app.add_option("--defects", defects, "scanner defects")->check(CLI::IsMember({"on", "off"}));
    app.add_option("--dpi", order.dpi, "resolution of every page; 0: the scanner's own, 150 to 300")
        ->check(CLI::Range(0, 600));
    app.add_option("--types", types, "only these main documents, separated by commas");
    app.add_option("--stratified", order.stratified, "that many plis of each type");
    app.add_option("--caisse", order.caisse, "caisse that the mail is addressed to");
    app.add_option("--received", order.received, "day of receipt, YYYY-MM-DD");
    app.add_option("--beneficiaries", order.beneficiaries,
                   "file to write the register of beneficiaries in, for `pleiade beneficiaries import`");
    app.add_option("--lot-size", order.lot_size, "plis in a lot")->check(CLI::Range(1, 9999));
    app.add_option("--fonts", fonts, "folder of further fonts");
    app.add_option("--config", config, "folder of nomenclature.csv, organismes.csv and routing.csv");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 64;
    }
    if (blanks.empty() && (order.out.empty() || (order.plis == 0 && order.stratified == 0))) {
        fmt::print(stderr, "pleiade-mail: say where with --out, and how many with --plis or --stratified\n");
        return 64;
    }
    order.half = half == "train" ? mail::Half::Train : mail::Half::Test;
    order.defects = defects == "on";
    if (!types.empty()) order.types = split(types, ',');
    if (fonts.empty() && fs::exists("../shared/data/polices")) fonts = "../shared/data/polices";
    if (!fonts.empty()) mail::Canvas::add_fonts(fonts);

    if (!blanks.empty()) {
        const auto written = mail::write_blanks(blanks, order.half, editions);
        int pages = 0;
        for (const auto& blank : written) pages += blank.pages;
        fmt::print("{} blank forms of {} pages in {}\n", written.size(), pages, blanks);
        if (order.out.empty()) return 0;
    }
    const mail::TruthTables tables(config);
    const auto report = mail::fill_mailbag(order, tables);
    const double plis = report.plis;
    fmt::print(
        "{} plis in {} lots: {} documents ({:.2f} attachments a pli), {} images ({:.2f} a pli), {:.2f} blanks and "
        "{:.2f} envelopes a pli\n",
        report.plis, report.lots, report.documents, report.attachments / plis, report.images, report.images / plis,
        report.blanks / plis, report.envelopes / plis);
    for (const auto& id : std::set<std::string>(report.cut_templates.begin(), report.cut_templates.end())) {
        fmt::print(stderr, "pleiade-mail: template {} runs off its page\n", id);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const int code = run(argc, argv);
        pleiade::mail::Canvas::forget_fonts();
        return code;
    } catch (const std::exception& error) {
        fmt::print(stderr, "pleiade-mail: {}\n", error.what());
        return 70;
    }
}
