#include "tests/mail/truth.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

#include "common/base/csv.h"

namespace pleiade::mail {
namespace {

namespace json = boost::json;

std::string slurp(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot open " + path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::unique_ptr<CsvTable> table(const std::string& folder, const std::string& name,
                                const std::vector<std::string>& columns) {
    auto parsed = CsvTable::parse(name, slurp(folder + "/" + name), columns);
    if (!parsed) throw std::runtime_error(parsed.error().message);
    return std::move(*parsed);
}

json::array numbers(const std::vector<int>& pages) {
    json::array out;
    for (const int page : pages) out.emplace_back(page);
    return out;
}

// Who may see a page of a type with volets.
std::string reader_of(const DocumentType& type, const TruthDocument& document, int page) {
    const auto volet = document.volets.find(page);
    for (const Part& part : type.parts) {
        if (volet == document.volets.end() || part.volet != volet->second) continue;
        return part.secrecy == Secrecy::Medical ? "ELSM" : part.service;
    }
    return "ELSM";
}

}  // namespace

TruthTables::TruthTables(const std::string& folder) {
    auto types = Nomenclature::parse(slurp(folder + "/nomenclature.csv"), "nomenclature.csv");
    if (!types) throw std::runtime_error(types.error().message);
    nomenclature_ = std::move(*types);
    const auto organismes = table(folder, "organismes.csv", {"regime", "caisse", "label_fr", "status", "successor"});
    for (const auto& row : organismes->rows()) {
        label_[row["caisse"]] = row["label_fr"];
        if (!row["successor"].empty()) successor_[row["caisse"]] = row["successor"];
        if (row["status"] == "open" && row["regime"] == "01") open_.push_back({row["caisse"], row["label_fr"]});
    }
    const auto routing =
        table(folder, "routing.csv", {"document", "affiliation", "processed_by", "service", "valid_from", "valid_to"});
    for (const auto& row : routing->rows()) {
        rules_.push_back({row.list("document"), row["affiliation"], row["processed_by"], row["service"],
                          row["valid_from"], row["valid_to"]});
    }
    const auto ticks =
        table(folder, "tick_rules.csv", {"document", "question", "answer", "effect", "value", "enabled"});
    for (const auto& row : ticks->rows()) {
        if (row["enabled"] != "yes") continue;
        tick_rules_.push_back({row.list("document"), row.list("answer"), row["question"], row["effect"], row["value"]});
    }
}

std::vector<std::string> TruthTables::ticked(const TruthDocument& document, const std::string& effect) const {
    std::vector<std::string> values;
    for (const TickRule& rule : tick_rules_) {
        const auto answer = document.ticks.find(rule.question);
        if (rule.effect != effect || answer == document.ticks.end()) continue;
        const bool of_type = std::ranges::any_of(rule.patterns, [&](const std::string& pattern) {
            return pattern.ends_with('*') ? document.type.starts_with(pattern.substr(0, pattern.size() - 1))
                                          : document.type == pattern;
        });
        if (of_type && std::ranges::find(rule.answers, answer->second) != rule.answers.end())
            values.push_back(rule.value);
    }
    return values;
}

std::string TruthTables::label_of(const std::string& caisse) const {
    const auto found = label_.find(caisse);
    return found == label_.end() ? "CPAM" : found->second;
}

TruthTables::Destination TruthTables::destination(const DocumentType& type, const Caisse& affiliation,
                                                  const Date& received_on) const {
    Caisse home = affiliation;
    if (const auto next = successor_.find(home); next != successor_.end()) home = next->second;
    const Rule* best = nullptr;
    bool best_exact = false;
    for (const Rule& rule : rules_) {
        if (rule.affiliation != home || rule.from > received_on || (!rule.to.empty() && rule.to < received_on))
            continue;
        for (const auto& pattern : rule.patterns) {
            const bool exact = pattern == type.code;
            const bool glob = pattern.ends_with('*') && type.code.starts_with(pattern.substr(0, pattern.size() - 1));
            if ((exact || glob) && (best == nullptr || (exact && !best_exact))) {
                best = &rule;
                best_exact = exact;
            }
        }
    }
    if (best == nullptr) return {home, type.service};
    return {best->processed_by, best->service};
}

std::map<std::string, std::vector<TruthField>> contract_fields(const std::vector<TruthField>& drawn) {
    std::set<std::string> named;  // fields that the person cared for has
    for (const auto& field : drawn) {
        if (field.drawn.field.starts_with("p.")) named.insert(field.drawn.field.substr(2));
    }
    std::map<std::string, std::vector<TruthField>> fields;
    for (const auto& field : drawn) {
        std::string name = field.drawn.field;
        if (name.starts_with("i.")) {
            name.erase(0, 2);
            if (named.contains(name)) continue;
        } else if (name.starts_with("p.")) {
            name.erase(0, 2);
        }
        auto& values = fields[name];
        if (std::ranges::none_of(values, [&](const TruthField& one) { return one.drawn.value == field.drawn.value; }))
            values.push_back(field);
    }
    return fields;
}

json::object TruthTables::document_json(const TruthPli& pli, const TruthDocument& document) const {
    const DocumentType& own = *nomenclature_->find(document.type);
    const TruthDocument* master = &document;
    for (const auto& other : pli.documents) {
        if (document.attachment && other.id == document.attached_to) master = &other;
    }
    const DocumentType& leading = *nomenclature_->find(master->type);
    const auto fields = contract_fields(document.fields);
    const auto master_fields = contract_fields(master->fields);

    const bool secret = std::ranges::any_of(pli.documents, [](const auto& d) { return d.type == "SECRET_MED"; });
    const bool medical = secret || own.secrecy == Secrecy::Medical || leading.secrecy == Secrecy::Medical;

    const auto code = master_fields.find("caisse");
    const bool told =
        master_fields.contains("nir") || (master_fields.contains("last_name") && master_fields.contains("first_name") &&
                                          master_fields.contains("birth_date"));
    const bool from_register = code == master_fields.end() && told && !pli.insured_by.empty();
    const Caisse affiliation = code != master_fields.end() ? code->second.front().drawn.value
                               : from_register             ? pli.insured_by
                                                           : pli.addressed;
    Destination to = destination(leading, affiliation, pli.received_on);

    // Volets: each recipient sees its own; a medical one, or one that cannot be told, is for the service médical. The
    // type's own service stands for whoever processes it; the employer's volets only have to be sent on.
    Caisse home = affiliation;
    if (const auto next = successor_.find(home); next != successor_.end()) home = next->second;
    std::vector<int> seen;
    std::map<std::string, std::vector<int>> copied;
    for (const int page : document.pages) {
        const std::string reader = document.attachment ? own.service : reader_of(own, document, page);
        if (document.attachment || own.parts.empty() || reader == own.service) {
            seen.push_back(page);
        } else {
            copied[reader].push_back(page);
        }
    }
    if (copied.size() == 1 && copied.contains("HORS") && seen.empty()) {
        to = {home, "HORS"};
        seen = copied["HORS"];
        copied.clear();
    }
    json::array copies;
    for (const auto& [service, pages] : copied) {
        copies.push_back(json::object{{"processed_by", home}, {"service", service}, {"pages", numbers(pages)}});
    }
    // Who is told because of a box that is ticked sees what the caisse's own service sees.
    const auto told_too =
        document.attachment || to.service == "HORS" ? std::vector<std::string>{} : ticked(document, "copy");
    for (const auto& service : told_too) {
        copies.push_back(json::object{{"processed_by", home}, {"service", service}, {"pages", numbers(seen)}});
    }

    json::object out;
    out["id"] = document.id;
    out["type"] = document.type;
    out["template"] = document.template_id;
    if (!document.wording.empty()) out["wording"] = document.wording;
    out["confidence"] = 1.0;
    out["role"] = document.attachment ? "attachment" : "master";
    out["attached_to"] = document.attachment ? json::value(document.attached_to) : json::value(nullptr);
    out["pages"] = numbers(document.pages);
    json::object volets;
    for (const auto& [page, volet] : document.volets) volets[std::to_string(page)] = volet;
    if (!volets.empty()) out["volets"] = volets;
    json::object ticks;
    for (const auto& [question, answer] : document.ticks) ticks[question] = answer;
    if (!ticks.empty()) out["ticks"] = ticks;
    out["secrecy"] = medical ? "medical" : "normal";
    out["decision"] = "auto";
    json::array to_key;
    for (const auto& required : own.required) {
        if (!document.attachment && !fields.contains(required)) to_key.push_back(json::value(required));
    }
    out["to_key"] = to_key;
    out["affiliation"] = {{"caisse", affiliation},
                          {"from", code != master_fields.end() ? "organisme code"
                                   : from_register             ? "register"
                                                               : "addressed"}};
    json::object field_objects;
    for (const auto& [name, values] : fields) {
        json::array array;
        for (const auto& one : values) {
            array.push_back(
                json::object{{"value", one.drawn.value},
                             {"page", one.page},
                             {"hand", one.drawn.hand},
                             {"boxed", one.drawn.boxed},
                             {"box", {one.drawn.box.x, one.drawn.box.y, one.drawn.box.width, one.drawn.box.height}}});
        }
        field_objects[name] = array.size() == 1 ? array[0] : json::value(array);
    }
    out["fields"] = field_objects;
    Priority priority = pli.registered ? Priority::P0 : leading.priority;
    for (const auto& word : ticked(*master, "priority")) priority = std::min(priority, *priority_from(word));
    out["route"] = {{"processed_by", to.processed_by},
                    {"service", to.service},
                    {"pages", numbers(seen)},
                    {"priority", std::string(to_word(priority))},
                    {"copies", copies}};
    return out;
}

json::object TruthTables::json(const TruthPli& pli) const {
    json::array pages, documents;
    for (const auto& page : pli.pages) {
        pages.push_back({{"page", page.page}, {"kind", std::string(to_word(page.kind))}, {"rotation", page.rotation}});
    }
    for (const auto& document : pli.documents) documents.push_back(document_json(pli, document));
    return {{"lot", pli.lot}, {"pli", pli.pli}, {"file", pli.file}, {"pages", pages}, {"documents", documents}};
}

}  // namespace pleiade::mail
