// The keys that signatures are verified with, as the operator took them from the official trust list
// (docs/formats/two_d_doc.md).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.h"
#include "services/reader/two_d_doc/public_key.h"

namespace pleiade::reader::two_d_doc {

struct TrustedKey {
    PublicKey key;
    Date valid_from, valid_to;  // both included; empty: without limit
    bool covers(const Date& day) const;
};

// Immutable once parsed, so any thread may read it.
class TrustList {
  public:
    // Columns: authority;certificate;valid_from;valid_to;key. Errors: CONFIG_INVALID with file, line, column.
    static Result<TrustList> parse(std::string_view csv, const std::string& file_name);

    // A certificate that was renewed under its name has several.
    const std::vector<TrustedKey>& find(const std::string& authority, const std::string& certificate) const;
    std::size_t size() const { return keys_.size(); }

  private:
    std::map<std::pair<std::string, std::string>, std::vector<TrustedKey>> keys_;
};

}  // namespace pleiade::reader::two_d_doc
