// Which volet of a form a page is: the volet decides who may see its image, so that a doubt stays a doubt.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/domain/nomenclature.h"
#include "services/reader/approximate.h"
#include "services/reader/ocr_page.h"

namespace pleiade::reader {

// deploy/config/volets.csv: type;volet;patterns. Immutable once parsed.
class VoletTable {
  public:
    static Result<VoletTable> parse(std::string_view csv, const std::string& file_name, const Nomenclature&);
    // The volet that number and phrases agree on; nullopt when nothing tells, when they disagree, or when the type has
    // no such volet.
    std::optional<int> volet_of(const OcrPage& page, const DocumentType& type) const;

  private:
    struct Row {
        std::string type;
        int volet = 0;
        std::vector<Phrase> phrases;
    };
    std::vector<Row> rows_;
};

}  // namespace pleiade::reader
