// The machine-readable zones of a document's pages: fields of its holder, and what a person is told of them.
#pragma once

#include <vector>

#include "common/domain/reading.h"
#include "services/reader/ocr_page.h"
#include "services/reader/stated_fields.h"

namespace pleiade::reader {

struct IdentityZones {
    std::vector<StatedField> fields;
    std::vector<Reason> reasons;
};

// `pages`: of one document. Two zones of two persons leave neither's fields sure. Pure.
IdentityZones identity_zones(const std::vector<const OcrPage*>& pages, const Date& received_on);

}  // namespace pleiade::reader
