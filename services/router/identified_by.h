// By which fields it is known whom a document is about, for types that require none: deploy/config/identified_by.csv.
// Immutable once parsed.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/domain/nomenclature.h"

namespace pleiade::router {

class IdentifiedBy {
  public:
    // Errors: CONFIG_INVALID, every mistake with file, line and column.
    static Result<IdentifiedBy> parse(std::string_view csv, const std::string& file_name, const Nomenclature& types);

    // Any of them will do; empty: the table says nothing of that type.
    const std::vector<std::string>& fields_of(std::string_view type) const;
    std::size_t size() const { return by_type_.size(); }

  private:
    std::map<std::string, std::vector<std::string>, std::less<>> by_type_;
};

}  // namespace pleiade::router
