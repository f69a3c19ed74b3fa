#include "services/cli/bench/accuracy.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/interval.h"
#include "common/domain/text_fold.h"
#include "services/cli/contract_lines.h"

namespace pleiade::cli {
namespace json = boost::json;
namespace {

std::vector<int> pages_of(const json::object& object) {
    std::vector<int> pages;
    if (const auto* list = object.if_contains("pages"); list != nullptr && list->is_array()) {
        for (const auto& page : list->as_array()) pages.push_back(static_cast<int>(page.as_int64()));
    }
    std::sort(pages.begin(), pages.end());
    return pages;
}

std::string percent(int part, int whole) {
    return fmt::format("{:.1f} % ({}/{})", whole == 0 ? 0.0 : 100.0 * part / whole, part, whole);
}

// The drawn document that holds this one's first page.
const json::object* drawn_for(const json::object& truth, const json::object& read) {
    const auto pages = pages_of(read);
    if (pages.empty()) return nullptr;
    for (const auto& document : list_of(truth, "documents")) {
        const auto drawn = pages_of(document.as_object());
        if (std::find(drawn.begin(), drawn.end(), pages.front()) != drawn.end()) return &document.as_object();
    }
    return nullptr;
}

// processed_by/service[pages] of the main recipient and of every copy.
std::set<std::string> recipients(const json::object& document) {
    std::set<std::string> all;
    const auto* route = document.if_contains("route");
    if (route == nullptr || !route->is_object()) return all;
    const auto one = [&](const json::object& to) {
        std::string pages;
        for (const int page : pages_of(to)) pages += fmt::format(" {}", page);
        all.insert(fmt::format("{}/{} [{}]", text_of(to, "processed_by"), text_of(to, "service"), pages));
    };
    one(route->as_object());
    for (const auto& copy : list_of(route->as_object(), "copies")) one(copy.as_object());
    return all;
}

std::string priority(const json::object& document) {
    const auto* route = document.if_contains("route");
    return route != nullptr && route->is_object() ? text_of(route->as_object(), "priority") : std::string();
}

std::string joined(const std::set<std::string>& items) {
    std::string out;
    for (const auto& item : items) out += (out.empty() ? "" : " + ") + item;
    return out.empty() ? "nobody" : out;
}

// Values of a field, whether given once or in an array.
std::vector<const json::object*> values_of(const json::value& field) {
    std::vector<const json::object*> values;
    if (field.is_object()) {
        values.push_back(&field.as_object());
    } else if (field.is_array()) {
        for (const auto& item : field.as_array()) values.push_back(&item.as_object());
    }
    return values;
}

// Names are written with or without accents, in capitals or not: the same name.
std::string same(const std::string& text) {
    return folded(text);
}

bool is_drawn(const json::object& document, const std::string& name, const std::string& value) {
    const auto* fields = document.if_contains("fields");
    if (fields == nullptr || !fields->is_object()) return false;
    const auto* field = fields->as_object().if_contains(name);
    if (field == nullptr) return false;
    for (const auto* drawn : values_of(*field)) {
        const auto written = same(text_of(*drawn, "value"));
        // A form that prints 13 boxes holds the NIR without its key.
        if (written == same(value) || (name.ends_with("nir") && written.substr(0, 13) == value.substr(0, 13)))
            return true;
    }
    return false;
}

}  // namespace

int Accuracy::wrong_valid() const {
    int wrong = 0;
    for (const auto& [name, field] : fields) wrong += field.wrong_valid;
    return wrong;
}

std::vector<Accuracy::TypeScore> Accuracy::type_scores() const {
    std::map<std::string, int> read_as;  // masters read as a type that are not
    for (const auto& [pair, count] : confusions) read_as[pair.second] += count;
    std::vector<TypeScore> scores;
    for (const auto& [type, counts] : by_type) scores.push_back({type, counts.first, counts.second, read_as[type]});
    std::stable_sort(scores.begin(), scores.end(),
                     [](const TypeScore& a, const TypeScore& b) { return a.f1() < b.f1(); });
    return scores;
}

double Accuracy::macro_f1() const {
    double sum = 0;
    for (const auto& score : type_scores()) sum += score.f1();
    return by_type.empty() ? 0 : sum / static_cast<double>(by_type.size());
}

void Accuracy::count_nir(const json::object& drawn, const json::object& read) {
    const auto of = [](const json::object& document) {
        const auto* fields = document.if_contains("fields");
        const auto* nir = fields != nullptr && fields->is_object() ? fields->as_object().if_contains("nir") : nullptr;
        return nir == nullptr ? std::vector<const json::object*>{} : values_of(*nir);
    };
    for (const auto* one : of(drawn)) {
        auto& [written, found] = !one->at("hand").as_bool()   ? nir_printed
                                 : one->at("boxed").as_bool() ? nir_in_boxes
                                                              : nir_on_a_line;
        ++written;
        const auto values = of(read);
        if (std::any_of(values.begin(), values.end(), [&](const json::object* value) {
                return text_of(*value, "status") == "valid" &&
                       text_of(*value, "value").substr(0, 13) == text_of(*one, "value").substr(0, 13);
            })) {
            ++found;
        }
    }
}

void Accuracy::add(const json::object& truth, const json::object* read) {
    ++plis;
    const auto where = text_of(truth, "lot") + "/" + text_of(truth, "pli");
    static const json::object nothing;
    if (read == nullptr || read->contains("rejected")) {
        ++plis_absent;
        read = &nothing;
    }
    if (const auto* cpu = read->if_contains("cpu_ms")) cpu_ms += cpu->to_number<double>();

    count_pages(truth, *read);
    count_masters(truth, *read);
    count_recipients(truth, *read, where);
    count_fields(truth, *read, where);
}

// Each drawn page is there once, with its kind; each page of a document is in exactly one.
void Accuracy::count_pages(const json::object& truth, const json::object& read) {
    std::map<int, const json::object*> read_pages;
    for (const auto& page : list_of(read, "pages")) {
        read_pages[static_cast<int>(page.at("page").as_int64())] = &page.as_object();
    }
    std::map<int, int> in_documents;
    for (const auto& document : list_of(read, "documents")) {
        for (const int page : pages_of(document.as_object())) ++in_documents[page];
    }
    for (const auto& drawn : list_of(truth, "pages")) {
        ++pages;
        const auto found = read_pages.find(static_cast<int>(drawn.at("page").as_int64()));
        if (found == read_pages.end()) {
            ++pages_lost;
            continue;
        }
        const auto kind = text_of(*found->second, "kind");
        if (kind != text_of(drawn.as_object(), "kind")) {
            ++pages_of_wrong_kind;
        } else if (kind == "document" &&
                   found->second->at("rotation").as_int64() != drawn.at("rotation").to_number<std::int64_t>()) {
            ++rotations_wrong;
        }
        const int times = in_documents[found->first];
        if (kind == "document" && times == 0) ++pages_lost;
        if (times > 1) ++pages_twice;
    }

    // Documents, attachments too: one of those read has exactly these pages.
    for (const auto& drawn : list_of(truth, "documents")) {
        ++documents;
        const auto& all = list_of(read, "documents");
        if (std::any_of(all.begin(), all.end(), [&](const json::value& other) {
                return pages_of(other.as_object()) == pages_of(drawn.as_object());
            })) {
            ++documents_with_right_pages;
        }
    }
}

void Accuracy::count_masters(const json::object& truth, const json::object& read) {
    // Masters: the read document that begins on the same page has the same type.
    for (const auto& value : list_of(truth, "documents")) {
        const auto& drawn = value.as_object();
        if (text_of(drawn, "role") != "master") continue;
        ++masters;
        const auto type = text_of(drawn, "type");
        const auto first = pages_of(drawn).empty() ? 0 : pages_of(drawn).front();
        std::string as = "(none)";
        for (const auto& other : list_of(read, "documents")) {
            const auto other_pages = pages_of(other.as_object());
            if (std::find(other_pages.begin(), other_pages.end(), first) != other_pages.end()) {
                as = text_of(other.as_object(), "type");
                const bool by_itself = text_of(other.as_object(), "decision") == "auto";
                if (by_itself) ++masters_auto;
                if (by_itself && list_of(other.as_object(), "to_key").empty()) ++masters_untouched;
                count_nir(drawn, other.as_object());
            }
        }
        auto& [drawn_count, right_count] = by_type[type];
        ++drawn_count;
        if (as == type) {
            ++right_count;
            ++masters_typed_right;
        } else {
            ++confusions[{type, as}];
        }
    }
}

void Accuracy::count_recipients(const json::object& truth, const json::object& read, const std::string& where) {
    for (const auto& value : list_of(read, "documents")) {
        const auto& document = value.as_object();
        const auto* drawn = drawn_for(truth, document);
        if (text_of(document, "decision") == "auto") {
            ++documents_auto;
            const auto sent = recipients(document);
            const auto wanted = drawn == nullptr ? std::set<std::string>{} : recipients(*drawn);
            if (drawn != nullptr && priority(document) != priority(*drawn)) ++priorities_wrong;
            if (sent != wanted) {
                ++auto_misrouted;
                misroutes.push_back(fmt::format("{} document {}: {} drawn as {}, sent to {}, wanted {}", where,
                                                document.at("id").as_int64(), text_of(document, "type"),
                                                drawn == nullptr ? "nothing" : text_of(*drawn, "type"), joined(sent),
                                                joined(wanted)));
            }
        }
    }
}

void Accuracy::count_fields(const json::object& truth, const json::object& read, const std::string& where) {
    for (const auto& value : list_of(read, "documents")) {
        const auto& document = value.as_object();
        const auto* drawn = drawn_for(truth, document);
        const auto* fields_read = document.if_contains("fields");
        if (fields_read == nullptr || !fields_read->is_object()) continue;
        for (const auto& field : fields_read->as_object()) {
            const std::string name(field.key());
            for (const auto* one : values_of(field.value())) {
                const bool right = drawn != nullptr && is_drawn(*drawn, name, text_of(*one, "value"));
                const bool valid = text_of(*one, "status") == "valid";
                auto& count = fields[name];
                if (valid && right) ++count.right_valid;
                if (valid && !right) {
                    ++count.wrong_valid;
                    wrong_fields.push_back(fmt::format("{} document {} ({}): {}", where, document.at("id").as_int64(),
                                                       text_of(document, "type"), name));
                }
                if (!valid && right) ++count.right_other;
            }
        }
    }
    for (const auto& value : list_of(truth, "documents")) {
        const auto* drawn_fields = value.as_object().if_contains("fields");
        if (drawn_fields == nullptr || !drawn_fields->is_object()) continue;
        for (const auto& field : drawn_fields->as_object()) {
            fields[std::string(field.key())].drawn += static_cast<int>(values_of(field.value()).size());
        }
    }
}

std::vector<Figure> figures_of(const Accuracy& found, bool stratified) {
    const auto at_least = [](std::string name, int part, int whole, double asked) {
        return Figure{std::move(name), percent(part, whole), fmt::format("{:g} %", asked * 100),
                      whole > 0 && part >= asked * whole};
    };
    const auto none = [](std::string name, int count) {
        return Figure{std::move(name), std::to_string(count), "0", count == 0};
    };
    std::vector<Figure> figures;
    if (stratified) {
        figures.push_back({"macro-F1 over the types drawn", fmt::format("{:.3f}", found.macro_f1()), "0.95",
                           found.macro_f1() >= 0.95});
    } else {
        figures.push_back(at_least("masters typed right", found.masters_typed_right, found.masters, 0.985));
        figures.push_back(at_least("straight through to the queue", found.masters_auto, found.masters, 0.90));
        figures.push_back(
            at_least("untouched: auto, and nothing to key", found.masters_untouched, found.masters, 0.75));
    }
    const auto bound = wilson(found.auto_misrouted, found.documents_auto).high;
    figures.push_back(
        {"auto documents in a wrong queue",
         fmt::format("{}, at most {:.2f} % (95 %)", percent(found.auto_misrouted, found.documents_auto), 100 * bound),
         "0.5 %", found.documents_auto > 0 && found.auto_misrouted * 200 <= found.documents_auto});
    figures.push_back(at_least("NIR printed, read", found.nir_printed.second, found.nir_printed.first, 0.99));
    figures.push_back(
        at_least("NIR by hand in boxes, read", found.nir_in_boxes.second, found.nir_in_boxes.first, 0.90));
    figures.push_back({"NIR by hand on a line, read", percent(found.nir_on_a_line.second, found.nir_on_a_line.first),
                       "(shown)", true});
    figures.push_back(none("wrong values marked valid", found.wrong_valid()));
    figures.push_back(
        at_least("documents with exactly the right pages", found.documents_with_right_pages, found.documents, 0.97));
    figures.push_back(none("pages lost", found.pages_lost));
    figures.push_back(none("pages in two documents", found.pages_twice));
    figures.push_back(
        {"auto documents of another priority", percent(found.priorities_wrong, found.documents_auto), "(shown)", true});
    figures.push_back(
        {"pages of another kind than drawn", percent(found.pages_of_wrong_kind, found.pages), "(shown)", true});
    figures.push_back({"rotations wrong", percent(found.rotations_wrong, found.pages), "(shown)", true});
    return figures;
}

void print_details(const Accuracy& found) {
    fmt::print("\ntypes drawn and typed right:\n");
    int column = 0;
    for (const auto& [type, counts] : found.by_type) {
        fmt::print("  {:<13}{:>3}/{:<3}{}", type, counts.second, counts.first, ++column % 5 == 0 ? "\n" : "");
    }
    fmt::print(
        "\n\ntype          drawn  right  others read as it      F1   (those that are not all right, the worst "
        "first)\n");
    for (const auto& score : found.type_scores()) {
        if (score.f1() < 1) {
            fmt::print("  {:<12}{:>6}{:>7}{:>19}{:>8.3f}\n", score.type, score.drawn, score.right, score.wrong,
                       score.f1());
        }
    }
    fmt::print("\nfields       drawn  valid right  valid wrong  right but not valid\n");
    for (const auto& [name, field] : found.fields) {
        fmt::print("  {:<16}{:>6}{:>10}{:>12}{:>14}\n", name, field.drawn, field.right_valid, field.wrong_valid,
                   field.right_other);
    }
    if (!found.confusions.empty()) fmt::print("\nread as another type:\n");
    for (const auto& [pair, count] : found.confusions) {
        fmt::print("  {:>3} × {} read as {}\n", count, pair.first, pair.second);
    }
    for (const auto& line : found.misroutes) fmt::print("misrouted: {}\n", line);
    for (const auto& line : found.wrong_fields) fmt::print("wrong but valid: {}\n", line);
}

json::object json_of(const Accuracy& found, bool stratified) {
    json::object figures;
    for (const auto& figure : figures_of(found, stratified))
        figures[figure.name] = {{"value", figure.value}, {"asked", figure.asked}};
    json::object types;
    for (const auto& score : found.type_scores()) {
        types[score.type] = {
            {"drawn", score.drawn}, {"right", score.right}, {"others_read_as_it", score.wrong}, {"f1", score.f1()}};
    }
    json::object fields;
    for (const auto& [name, field] : found.fields) {
        fields[name] = {{"drawn", field.drawn},
                        {"valid_right", field.right_valid},
                        {"valid_wrong", field.wrong_valid},
                        {"right_not_valid", field.right_other}};
    }
    return {{"figures", std::move(figures)},
            {"macro_f1", found.macro_f1()},
            {"types", std::move(types)},
            {"fields", std::move(fields)}};
}

}  // namespace pleiade::cli
