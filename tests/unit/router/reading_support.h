// Readings, written short. People and numbers are invented.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "common/domain/pli.h"
#include "common/domain/reading.h"

namespace pleiade::router {

inline PliContext post(Caisse caisse = "595", Date received_on = "2026-11-20") {
    PliContext context;
    context.lot = "20261120-595-0001";
    context.pli = "0001";
    context.caisse = std::move(caisse);
    context.received_on = std::move(received_on);
    context.scanned_at = "2026-11-20T07:05:12+01:00";
    context.registered_at = "2026-11-20T06:20:00Z";
    return context;
}

inline FieldValue valid(std::string value) {
    return {std::move(value), 0.99, FieldStatus::Valid, 1, {}};
}

// A certain master with all that any type requires.
inline DocumentReading master(int id, std::string type, std::vector<int> pages) {
    DocumentReading document;
    document.id = id;
    document.type = std::move(type);
    document.confidence = 0.99;
    document.certain = true;
    document.pages = std::move(pages);
    for (const auto name : kFieldNames) {
        if (name != "caisse" && name != "nir") document.fields[std::string(name)] = {valid("x")};
    }
    document.fields["nir"] = {valid("255081416802538")};
    return document;
}

inline DocumentReading attachment(int id, std::string type, std::vector<int> pages, int attached_to) {
    auto document = master(id, std::move(type), std::move(pages));
    document.role = Role::Attachment;
    document.attached_to = attached_to;
    return document;
}

inline DocumentReading with_volets(DocumentReading document, std::map<int, int> volets) {
    document.volets = std::move(volets);
    return document;
}

inline Reading reading(std::vector<DocumentReading> documents) {
    Reading all;
    all.documents = std::move(documents);
    for (const auto& document : all.documents) {
        for (const int page : document.pages) {
            PageReading read;
            read.page = page;
            all.pages.push_back(read);
        }
    }
    return all;
}

// "595 IJ [2] + 595 ELSM [1]"
inline std::string shares(const Decision& decision) {
    if (!decision.route) return "none";
    const auto list = [](const std::vector<int>& pages) {
        std::string text;
        for (const int page : pages) text += (text.empty() ? "" : ",") + std::to_string(page);
        return "[" + text + "]";
    };
    const auto& route = *decision.route;
    std::string text = route.processed_by + " " + route.service + " " + list(route.pages);
    for (const auto& copy : route.copies)
        text += " + " + copy.processed_by + " " + copy.service + " " + list(copy.pages);
    return text;
}

}  // namespace pleiade::router
