#include "common/wire/contract_json.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace pleiade::wire {
namespace json = boost::json;
namespace {

json::string text(std::string_view word) {
    return json::string(word);
}

double rounded(double confidence) {
    return std::round(confidence * 1000) / 1000;
}

json::array numbers(const std::vector<int>& values) {
    json::array out;
    for (const int value : values) out.push_back(value);
    return out;
}

json::array box_json(const Box& box) {
    return {box.x, box.y, box.width, box.height};
}

json::object field_json(const FieldValue& field) {
    json::object out{{"value", field.value},
                     {"confidence", rounded(field.confidence)},
                     {"status", text(to_word(field.status))},
                     {"page", field.page},
                     {"box", box_json(field.box)}};
    if (field.keyed) out["source"] = "keyed";
    return out;
}

json::object route_json(const Route& route) {
    json::array copies;
    for (const auto& copy : route.copies) {
        copies.push_back(json::object{
            {"processed_by", copy.processed_by}, {"service", copy.service}, {"pages", numbers(copy.pages)}});
    }
    json::object out{
        {"processed_by", route.processed_by},        {"service", route.service}, {"pages", numbers(route.pages)},
        {"priority", text(to_word(route.priority))}, {"rule", route.rule},       {"due", route.due}};
    out["legal_due"] = route.legal_due ? json::value(*route.legal_due) : json::value(nullptr);
    if (route.legal_due) out["legal_rule"] = route.legal_rule;
    out["copies"] = std::move(copies);
    return out;
}

json::array reasons_json(const DocumentReading& document, const Decision* decision) {
    json::array out;
    for (const auto& reason : document.reasons) out.push_back(json::string(reason.text));
    if (decision != nullptr) {
        for (const auto& reason : decision->reasons) out.push_back(json::string(reason));
    }
    return out;
}

}  // namespace

json::object page_json(const PageReading& page) {
    json::array codes;
    for (const auto& code : page.codes) {
        codes.push_back(json::object{{"symbology", code.symbology}, {"text", code.text}});
    }
    return {{"page", page.page},
            {"kind", text(to_word(page.kind))},
            {"rotation", page.rotation},
            {"quality", text(to_word(page.quality))},
            {"codes", std::move(codes)}};
}

json::object document_json(const DocumentReading& document, const Decision* decision) {
    json::object out{{"id", document.id},
                     {"type", document.type},
                     {"confidence", rounded(document.confidence)},
                     {"role", text(to_word(document.role))}};
    out["attached_to"] = document.attached_to ? json::value(*document.attached_to) : json::value(nullptr);
    out["pages"] = numbers(document.pages);
    // Medical until a decision says otherwise.
    out["secrecy"] = text(to_word(decision != nullptr ? decision->secrecy : Secrecy::Medical));
    if (decision != nullptr) {
        out["decision"] = text(to_word(decision->kind));
        json::array to_key;
        for (const auto& field : decision->to_key) to_key.push_back(json::string(field));
        out["to_key"] = std::move(to_key);
    }
    out["reasons"] = reasons_json(document, decision);
    if (decision != nullptr) {
        out["affiliation"] =
            json::object{{"caisse", decision->affiliation.caisse}, {"from", decision->affiliation.from}};
    }
    json::object fields;
    for (const auto& [name, values] : document.fields) {
        if (values.size() == 1) {
            fields[name] = field_json(values.front());
        } else if (!values.empty()) {
            json::array several;
            for (const auto& value : values) several.push_back(field_json(value));
            fields[name] = std::move(several);
        }
    }
    out["fields"] = std::move(fields);
    if (decision != nullptr) {
        out["route"] = decision->route ? json::value(route_json(*decision->route)) : json::value(nullptr);
    }
    return out;
}

json::object contract_json(const PliContext& context, const Reading& reading, const std::vector<Decision>& decisions) {
    json::array pages;
    for (const auto& page : reading.pages) pages.push_back(page_json(page));
    json::array documents;
    for (const auto& document : reading.documents) {
        const auto found = std::find_if(decisions.begin(), decisions.end(),
                                        [&](const Decision& decision) { return decision.document == document.id; });
        documents.push_back(document_json(document, found == decisions.end() ? nullptr : &*found));
    }
    return {{"lot", context.lot},        {"pli", context.pli},
            {"file", context.file},      {"cpu_ms", std::round(reading.cpu_ms * 10) / 10},
            {"pages", std::move(pages)}, {"documents", std::move(documents)}};
}

json::object rejected_json(const std::string& lot, const std::string& pli, const std::string& file,
                           const Error& error) {
    return {{"lot", lot},
            {"pli", pli},
            {"file", file},
            {"rejected", json::object{{"code", error.code}, {"message", error.message}}}};
}

}  // namespace pleiade::wire
