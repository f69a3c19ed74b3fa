// What the specification lists: the data that codes hold and the kinds of document that bear them, both as tables.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace pleiade::reader::two_d_doc {

// How a datum is written, where it is a field of ours.
enum class Writing {
    Text,
    Names,    // A/B/C, the first one counts
    Person,   // title/last name/first name
    Day,      // JJMMAAAA
    Address,  // parts between slashes, one of them a postal code
    Mrz,      // both lines of a machine-readable zone in one, spaces for fillers
};

inline constexpr std::size_t kNoLimit = 0;

struct Datum {
    std::size_t min = 0, max = kNoLimit;  // characters
    std::string field;                    // of the contract; empty: of none
    Writing writing = Writing::Text;
    std::string label;

    bool fixed() const { return max != kNoLimit && min == max; }
};

// Immutable once parsed, so any thread may read them.
class DataTable {
  public:
    // Columns: id;min;max;field;kind;label. Errors: CONFIG_INVALID with file, line, column.
    static Result<DataTable> parse(std::string_view csv, const std::string& file_name);
    const Datum* find(std::string_view id) const;  // nullptr when the table has none

  private:
    std::map<std::string, Datum, std::less<>> data_;
};

class TypeTable {
  public:
    // Columns: code;label. Errors: CONFIG_INVALID with file, line, column.
    static Result<TypeTable> parse(std::string_view csv, const std::string& file_name);
    std::string_view label(std::string_view code) const;  // empty when the table has none

  private:
    std::map<std::string, std::string, std::less<>> labels_;
};

}  // namespace pleiade::reader::two_d_doc
