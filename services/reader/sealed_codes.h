// The 2D-Doc codes of a page: what they say of its type, of its fields, and whether their signature holds.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/domain/reading.h"
#include "services/reader/evidence.h"
#include "services/reader/page_evidence.h"
#include "services/reader/stated_fields.h"
#include "services/reader/two_d_doc/document.h"
#include "services/reader/two_d_doc/seal.h"
#include "services/reader/two_d_doc/tables.h"
#include "services/reader/two_d_doc/trust_list.h"

namespace pleiade::reader {

struct TwoDDocTables {
    two_d_doc::DataTable data;
    two_d_doc::TypeTable types;
    two_d_doc::TrustList trust;
};

struct SealedCode {
    std::optional<two_d_doc::Document> document;  // nothing when the code could not be taken apart
    two_d_doc::Seal seal = two_d_doc::Seal::Unverified;
    Reason reason;  // for people: what it is, and what became of its signature
};

// Pure, all three.
std::vector<SealedCode> sealed_codes(const PageReading& page, const TwoDDocTables& tables);
void add_sealed_evidence(const std::vector<SealedCode>& codes, const EvidenceTable& table, PageEvidence& evidence);
// What the codes say of a document of that type. Nothing from one that speaks for other types: two papers share a page.
std::vector<StatedField> sealed_fields(const std::vector<SealedCode>& codes, const std::string& type,
                                       const Date& received_on, const TwoDDocTables& tables,
                                       const EvidenceTable& evidence);

}  // namespace pleiade::reader
