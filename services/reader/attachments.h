// Which document of a pli is a master, which is a pièce jointe, and of whom (contract, section 3).
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/domain/nomenclature.h"
#include "common/domain/reading.h"

namespace pleiade::reader {

// deploy/config/attachments.csv: master;attachments. Immutable once parsed.
class AttachmentTable {
  public:
    static Result<AttachmentTable> parse(std::string_view csv, const std::string& file_name, const Nomenclature&);
    bool calls_for(const std::string& master, const std::string& attachment) const;

  private:
    std::map<std::string, std::set<std::string>> wanted_;
};

// Fills role and attached_to of every document, which stand in the order of their pages. An attachment hangs from the
// nearest preceding master that calls for it, else from the first master; alone, it is a master.
void assign_roles(std::vector<DocumentReading>& documents, const AttachmentTable& table, const Nomenclature&);

}  // namespace pleiade::reader
