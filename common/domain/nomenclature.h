// The list of document types, as the CSV of deploy/config/nomenclature.csv gives it. Immutable once parsed, so any
// thread may read it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/domain/reading.h"

namespace pleiade {

enum class TypeRole { Master, Attachment, MasterOrAttachment };

// One volet of a form: who receives it, and whether it is medical. Service "HORS" is mail that should not be here.
struct Part {
    int volet = 0;
    std::string service;
    Secrecy secrecy = Secrecy::Medical;
};

struct DocumentType {
    std::string code;
    std::string label_fr;
    std::string cerfa;  // five digits, empty when it has none
    std::string s_ref;  // "S3116", empty when it has none
    std::vector<std::string> anchors;
    std::string service;
    std::string copy_to;  // empty when none
    std::vector<Part> parts;
    Priority priority = Priority::P3;
    TypeRole role = TypeRole::Master;
    Secrecy secrecy = Secrecy::Normal;
    std::vector<std::string> required;  // field names
    int typical_pages = 1;
    double daily_share_percent = 0;  // share of plis by their main document
};

class Nomenclature {
  public:
    static Result<Nomenclature> parse(std::string_view csv, const std::string& file_name);

    const std::vector<DocumentType>& types() const { return types_; }
    const DocumentType* find(std::string_view code) const;  // nullptr when unknown

  private:
    std::vector<DocumentType> types_;
    std::map<std::string, std::size_t, std::less<>> by_code_;
};

}  // namespace pleiade
