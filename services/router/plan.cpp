#include "services/router/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "common/base/sha256.h"
#include "services/router/table_file.h"

namespace pleiade::router {
namespace {

const std::map<std::string, std::vector<std::string>>& columns() {
    static const std::map<std::string, std::vector<std::string>> all = {
        {"nomenclature.csv",
         {"code", "label_fr", "cerfa", "s_ref", "anchors", "service", "copy_to", "parts", "priority", "role", "secrecy",
          "required", "typical_pages", "daily_share_pct"}},
        {"organismes.csv", {"regime", "caisse", "label_fr", "departement", "status", "successor"}},
        {"services.csv", {"code", "label_fr", "medical"}},
        {"routing.csv",
         {"document", "affiliation", "processed_by", "service", "valid_from", "valid_to", "source", "note"}},
        {"keying.csv", {"caisse", "document", "keyed_by", "when", "note"}},
        {"legal_clocks.csv", {"document", "count", "unit", "enabled", "legal_rule_fr", "source", "note"}},
        {"identified_by.csv", {"document", "fields", "note"}},
        {"tick_rules.csv",
         {"document", "question", "answer", "effect", "value", "enabled", "ticked_fr", "source", "note"}},
    };
    return all;
}

// The value, or its problems added and nothing.
template <class T>
std::optional<T> keep(Result<T>&& result, TableProblems& problems) {
    if (result) return std::move(*result);
    problems.add(result.error());
    return std::nullopt;
}

// What the nomenclature says of services must be true of services.csv; above all, that a medical volet goes to people
// who may see it.
void check_services_of_types(const TableFile& file, const Nomenclature& types, const RoutingServices& services,
                             TableProblems& problems) {
    const auto parsed = CsvTable::parse(file.name, file.text, {"service", "copy_to", "parts"});
    if (!parsed) return;
    const auto& table = **parsed;
    const auto check = [&](const CsvCell& cell, const std::string& service) {
        if (services.find(service) != nullptr) return true;
        problems.add(table, cell, unknown_word(service, "a service of services.csv", services.codes()));
        return false;
    };
    for (std::size_t i = 0; i < table.rows().size(); ++i) {
        const auto& row = table.rows()[i];
        const auto& type = types.types()[i];
        check(row.at("service"), type.service);
        if (!type.copy_to.empty()) check(row.at("copy_to"), type.copy_to);
        std::vector<int> volets;
        for (const auto& part : type.parts) {
            const auto& cell = row.at("parts");
            if (std::find(volets.begin(), volets.end(), part.volet) != volets.end()) {
                problems.add(table, cell, fmt::format("the volet {} is given twice", part.volet));
            }
            volets.push_back(part.volet);
            if (check(cell, part.service) && part.secrecy == Secrecy::Medical && !services.is_medical(part.service)) {
                problems.add(
                    table, cell,
                    fmt::format("the volet {} is medical, and the service {} is not", part.volet, part.service));
            }
        }
    }
}

std::vector<std::string> departements_of(const Organismes& organismes) {
    std::vector<std::string> departements;
    for (const auto& organisme : organismes.all()) {
        if (!organisme.departement.empty()) departements.push_back(organisme.departement);
    }
    return departements;
}

}  // namespace

Result<std::shared_ptr<const Plan>> load_plan(const std::string& config_folder) {
    TableProblems problems;
    std::map<std::string, TableFile> files;
    for (const auto& [name, known] : columns()) {
        if (auto file = read_table_file(config_folder, name, known, problems)) files[name] = std::move(*file);
    }
    const auto calendar_file = read_config_file(config_folder, "calendar.toml", problems);
    const auto table = [&](const char* name) -> const TableFile* {
        const auto found = files.find(name);
        return found == files.end() ? nullptr : &found->second;
    };

    auto plan = std::make_shared<Plan>();
    std::optional<Nomenclature> types;
    std::optional<Organismes> organismes;
    std::optional<RoutingServices> services;
    if (const auto* file = table("nomenclature.csv")) {
        types = keep(Nomenclature::parse(file->text, file->name), problems);
    }
    if (const auto* file = table("organismes.csv")) {
        organismes = keep(Organismes::parse(file->text, file->name), problems);
    }
    if (const auto* file = table("services.csv")) {
        services = keep(RoutingServices::parse(file->text, file->name), problems);
    }
    // A table that others refer to is broken: its own problems are enough, what refers to it would only echo them.
    if (types && services) check_services_of_types(*table("nomenclature.csv"), *types, *services, problems);
    if (const auto* file = table("routing.csv"); file != nullptr && types && organismes && services) {
        if (auto rules = keep(RoutingRules::parse(file->text, file->name, *types, *organismes, *services), problems)) {
            plan->rules = std::move(*rules);
        }
    }
    if (const auto* file = table("keying.csv"); file != nullptr && types && organismes) {
        if (auto keying = keep(KeyingRules::parse(file->text, file->name, *types, *organismes), problems)) {
            plan->keying = std::move(*keying);
        }
    }
    if (const auto* file = table("legal_clocks.csv"); file != nullptr && types) {
        if (auto clocks = keep(LegalClocks::parse(file->text, file->name, *types), problems)) {
            plan->legal_clocks = std::move(*clocks);
        }
    }
    if (const auto* file = table("identified_by.csv"); file != nullptr && types) {
        if (auto known = keep(IdentifiedBy::parse(file->text, file->name, *types), problems)) {
            plan->identified_by = std::move(*known);
        }
    }
    if (const auto* file = table("tick_rules.csv"); file != nullptr && types && services) {
        if (auto rules = keep(TickRules::parse(file->text, file->name, *types, &*services), problems)) {
            plan->tick_rules = std::move(*rules);
        }
    }
    if (calendar_file) {
        plan->mail_room = parse_calendar(
            *calendar_file, organismes ? departements_of(*organismes) : std::vector<std::string>{}, problems);
    }
    if (!problems.empty()) return tl::unexpected(problems.to_error());

    plan->types = std::move(*types);
    plan->organismes = std::move(*organismes);
    plan->services = std::move(*services);

    Sha256 digest;
    std::string latest = plan->mail_room.version;
    for (const auto& [name, file] : files) {
        digest.update(name);
        digest.update(file.text);
        latest = std::max(latest, file.version);
    }
    digest.update(calendar_file->text);
    plan->version = fmt::format("{}+{}", latest, digest.finish_hex().substr(0, 12));

    const auto& all = plan->organismes.all();
    const auto closed = std::count_if(all.begin(), all.end(), [](const Organisme& o) { return o.closed; });
    const auto& holidays = plan->mail_room.calendar.holidays();
    const auto local =
        std::count_if(holidays.begin(), holidays.end(), [](const Holiday& h) { return !h.departements.empty(); });
    const auto version = [&](const char* name) { return files.at(name).version; };
    plan->summary = {
        fmt::format("nomenclature.csv: {} types, version {}", plan->types.types().size(), version("nomenclature.csv")),
        fmt::format("services.csv: {} services, version {}", plan->services.all().size(), version("services.csv")),
        fmt::format("organismes.csv: {} caisses open, {} closed, version {}",
                    static_cast<std::ptrdiff_t>(all.size()) - closed, closed, version("organismes.csv")),
        fmt::format("routing.csv: {} rules, version {}", plan->rules.all().size(), version("routing.csv")),
        fmt::format("keying.csv: {} rules, version {}", plan->keying.size(), version("keying.csv")),
        fmt::format("legal_clocks.csv: {} types with a delay, {} rows switched off, version {}",
                    plan->legal_clocks.enabled_count(), plan->legal_clocks.disabled_count(),
                    version("legal_clocks.csv")),
        fmt::format("identified_by.csv: {} types, version {}", plan->identified_by.size(),
                    version("identified_by.csv")),
        fmt::format("tick_rules.csv: {} rules, {} rows switched off, version {}", plan->tick_rules.enabled_count(),
                    plan->tick_rules.disabled_count(), version("tick_rules.csv")),
        fmt::format("calendar.toml: {} national and {} local holidays, version {}",
                    static_cast<std::ptrdiff_t>(holidays.size()) - local, local, plan->mail_room.version)};
    return std::shared_ptr<const Plan>(std::move(plan));
}

}  // namespace pleiade::router
