#include "tests/mail/mailbag.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>

#include "tests/mail/pli_maker.h"
#include "tests/mail/register_file.h"
#include "tests/mail/template.h"
#include "tests/mail/writers.h"

namespace pleiade::mail {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// Files of one pli, as the manifest names them.
json::array write_files(const fs::path& folder, const std::string& pli, const MadePli& made) {
    const auto path = [&](const std::string& name) { return (folder / name).string(); };
    switch (made.scan.format) {
        case Format::Tiff:
            write_tiff(path(pli + ".tif"), made.pages);
            return {json::value(pli + ".tif")};
        case Format::Pdf:
            write_pdf(path(pli + ".pdf"), made.pages);
            return {json::value(pli + ".pdf")};
        case Format::Jpeg:
        case Format::Png:
            break;
    }
    const bool jpeg = made.scan.format == Format::Jpeg;
    json::array files;
    for (std::size_t i = 0; i < made.pages.size(); ++i) {
        const std::string name = fmt::format("{}-{}.{}", pli, i + 1, jpeg ? "jpg" : "png");
        jpeg ? write_jpeg(path(name), made.pages[i]) : write_png(path(name), made.pages[i]);
        files.push_back(json::value(name));
    }
    return files;
}

json::object manifest_head(const MailOrder& order, const std::string& lot, int number) {
    return {
        {"lot", lot},
        {"platform", "DOUAI"},
        {"caisse", order.caisse},
        {"received_on", order.received},
        {"opened_at", order.received + "T06:40:00+01:00"},
        {"scanned_at", fmt::format("{}T{:02}:{:02}:12+01:00", order.received, 7 + number / 12 % 10, number * 5 % 60)},
        {"scanner", fmt::format("S{}", number % 3 + 1)},
        {"box", fmt::format("{}-B{:02}", order.caisse, number % 90 + 1)},
        {"channel", "post"}};
}

}  // namespace

std::vector<std::pair<std::string, double>> drawable_types(const TruthTables& tables, Half half) {
    std::vector<std::pair<std::string, double>> types;
    for (const auto& type : tables.nomenclature().types()) {
        if (!templates_of(half, type.code).empty()) types.emplace_back(type.code, type.daily_share_percent);
    }
    return types;
}

std::vector<std::string> plan_types(const MailOrder& order, const TruthTables& tables) {
    auto weighted = drawable_types(tables, order.half);
    if (!order.types.empty()) {
        for (const auto& wanted : order.types) {
            if (std::ranges::none_of(weighted, [&](const auto& one) { return one.first == wanted; })) {
                throw std::invalid_argument("no template of this half for type " + wanted);
            }
        }
        std::erase_if(weighted,
                      [&](const auto& one) { return std::ranges::find(order.types, one.first) == order.types.end(); });
    }
    std::vector<std::string> plan;
    if (order.stratified > 0) {
        for (int i = 0; i < order.stratified; ++i) {
            for (const auto& [type, weight] : weighted) plan.push_back(type);
        }
        return plan;
    }
    double sum = 0;
    for (auto& [type, weight] : weighted) sum += weight = std::max(weight, order.types.empty() ? 0.0 : 0.5);
    for (int i = 0; i < order.plis; ++i) {
        double at = Rng(order.seed).fork("type", static_cast<std::uint64_t>(i)).real(0, sum);
        std::size_t which = 0;
        while (which + 1 < weighted.size() && at >= weighted[which].second) at -= weighted[which++].second;
        plan.push_back(weighted[which].first);
    }
    return plan;
}

MailReport fill_mailbag(const MailOrder& order, const TruthTables& tables) {
    if (order.lot_size < 1) throw std::invalid_argument("a lot holds at least one pli");
    const auto plan = plan_types(order, tables);
    MailReport report;
    fs::create_directories(order.out);
    std::ofstream truth(fs::path(order.out) / "truth.jsonl", std::ios::binary);
    if (!truth) throw std::runtime_error("cannot write truth.jsonl in " + order.out);
    std::optional<RegisterFile> people;
    if (!order.beneficiaries.empty()) people.emplace(order.beneficiaries, tables.open_caisses());
    std::string day = order.received;
    std::erase(day, '-');
    for (std::size_t first = 0; first < plan.size(); first += static_cast<std::size_t>(order.lot_size)) {
        const int number = ++report.lots;
        const std::string lot = fmt::format("{}-{}-{:04}", day, order.caisse, number);
        const fs::path folder = fs::path(order.out) / lot;
        fs::create_directories(folder);
        json::object manifest = manifest_head(order, lot, number);
        json::array entries;
        int images = 0;
        const std::size_t last = std::min(plan.size(), first + static_cast<std::size_t>(order.lot_size));
        for (std::size_t i = first; i < last; ++i) {
            MadePli made = make_pli(plan[i], order, tables, Rng(order.seed).fork("pli", i));
            if (people) people->add(made.dossier, Rng(order.seed).fork("register", i));
            const std::string pli = fmt::format("{:04}", i - first + 1);
            json::object entry{{"pli", pli}};
            entry["files"] = write_files(folder, pli, made);
            entry["endorsers"] = json::array{json::value(fmt::format("A{:07}", i * 10 + 1))};
            if (!made.registered.empty()) entry["registered"] = made.registered;
            if (made.channel != "post") entry["channel"] = made.channel;
            if (made.envelope) {
                entry["envelope"] = pli + "-env.jpg";
                write_jpeg((folder / (pli + "-env.jpg")).string(), *made.envelope);
                ++report.envelopes;
            }
            made.truth.lot = lot;
            made.truth.pli = pli;
            made.truth.file = std::string(entry["files"].as_array()[0].as_string());
            truth << json::serialize(tables.json(made.truth)) << '\n';
            entries.push_back(entry);
            images += static_cast<int>(made.truth.pages.size());
            ++report.plis;
            ++report.masters[plan[i]];
            report.documents += static_cast<int>(made.truth.documents.size());
            for (const auto& document : made.truth.documents) report.attachments += document.attachment ? 1 : 0;
            for (const auto& page : made.truth.pages) report.blanks += page.kind == PageKind::Blank ? 1 : 0;
            report.cut_templates.insert(report.cut_templates.end(), made.cut_templates.begin(),
                                        made.cut_templates.end());
        }
        report.images += images;
        manifest["announced"] = {{"plis", entries.size()}, {"pages", images}};
        manifest["plis"] = entries;
        std::ofstream out(folder / "lot.json", std::ios::binary);  // last: nothing is read before it is there
        out << json::serialize(manifest) << '\n';
        if (!out.flush()) throw std::runtime_error("cannot write " + (folder / "lot.json").string());
    }
    if (!truth.flush()) throw std::runtime_error("cannot write truth.jsonl in " + order.out);
    return report;
}

}  // namespace pleiade::mail
