// The statutory delays that run from the receipt of a document alone. Those that need a second document (the 30 jours
// francs of an accident run from declaration and certificate) or that have no source stand in the table, switched off,
// so that nobody adds them again by mistake. Immutable once parsed.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/domain/calendar_deadline.h"
#include "common/domain/nomenclature.h"

namespace pleiade {

struct LegalClock {
    Delay delay;
    std::string rule_fr;  // "Accord préalable : 15 jours, le silence vaut accord"
    std::string source;
    int line = 0;
};

class LegalClocks {
  public:
    static Result<LegalClocks> parse(std::string_view csv, const std::string& file_name, const Nomenclature& types);

    const LegalClock* find(std::string_view type) const;  // nullptr: no delay runs from this receipt alone
    std::size_t enabled_count() const { return by_type_.size(); }
    std::size_t disabled_count() const { return disabled_count_; }

  private:
    std::map<std::string, LegalClock, std::less<>> by_type_;
    std::size_t disabled_count_ = 0;
};

}  // namespace pleiade
