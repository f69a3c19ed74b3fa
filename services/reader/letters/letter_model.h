// Which type of letter words speak for: one line of weights a type (logistic regression, one type against all others),
// as a table of terms that a person can read and correct. `pleiade letters train` makes it.
//
// Operation: letters.csv has a header `term;type;weight` and a row for each term that speaks for or against a type; the
// term `*` is where a type starts from, and `*` of UNKNOWN how far a type must lead before it is likelier than not. A
// letter has each of its terms once, the more terms the less each counts (unit length). The weights are scaled so that
// the margin is the log-odds of being right on a wording that was never learnt.
// Concurrency: immutable. Limits: types it never learnt are never named.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "common/domain/nomenclature.h"

namespace pleiade::reader::letters {

struct Opinion {
    std::string type;     // empty: none
    bool letter = false;  // the type is a document of its own: attachments have better signs than their wording
    double margin = 0;    // log-odds that the type is right; at most 0: no opinion
    std::vector<std::string> said;  // the whole words that spoke for it, the strongest first, three at most
};

class LetterModel {
  public:
    LetterModel() = default;  // knows nothing
    // Errors: CONFIG_INVALID with file, line and column.
    static Result<LetterModel> parse(std::string_view csv, const std::string& file_name, const Nomenclature&);

    bool empty() const { return starts_.empty(); }
    Opinion opinion_of(std::string_view folded) const;

  private:
    std::vector<std::string> types_;
    std::vector<bool> masters_;   // by type
    std::vector<double> starts_;  // by type
    double doubt_ = 0;
    std::map<std::string, std::vector<std::pair<int, double>>, std::less<>> weights_;  // term -> type, weight
};

}  // namespace pleiade::reader::letters
