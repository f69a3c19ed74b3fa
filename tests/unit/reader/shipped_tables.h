// The tables that are shipped, read once: what they say of a page is part of the product.
#pragma once

#include <fstream>
#include <iterator>
#include <string>

#include "common/base/check.h"
#include "services/reader/reader_parts.h"

namespace pleiade::reader {

inline std::string shipped_text(const std::string& name) {
    std::ifstream file("deploy/config/" + name, std::ios::binary);
    PLEIADE_CHECK(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline const Nomenclature& shipped_nomenclature() {
    static const Nomenclature parsed = [] {
        auto result = Nomenclature::parse(shipped_text("nomenclature.csv"), "nomenclature.csv");
        PLEIADE_CHECK(result);
        return *result;
    }();
    return parsed;
}

inline const TypageTables& shipped_tables() {
    static const TypageTables loaded = [] {
        auto result = load_tables("deploy/config", shipped_nomenclature());
        PLEIADE_CHECK(result);
        return std::move(*result);
    }();
    return loaded;
}

inline std::vector<DocumentReading> documents_of(const std::vector<PageRead>& pages) {
    PliContext context;
    context.received_on = "2026-11-20";
    return find_documents(pages, context, shipped_nomenclature(), shipped_tables());
}

}  // namespace pleiade::reader
