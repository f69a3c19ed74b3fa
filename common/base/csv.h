// Our tables: UTF-8, one header line, `;` between columns, `|` inside a list, no quoting, `#` opens a comment line.
// Every error names file, line and column.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace pleiade {

struct CsvCell {
    std::string text;
    int line = 0;    // 1-based
    int column = 0;  // 1-based, in bytes, where the cell begins
};

class CsvTable;

class CsvRow {
  public:
    CsvRow(const CsvTable* table, std::vector<CsvCell> cells, int line)
        : table_(table), cells_(std::move(cells)), line_(line) {}
    // The cell under that header; the column must have been asked for in parse_csv.
    const CsvCell& at(std::string_view header) const;
    const std::string& operator[](std::string_view header) const { return at(header).text; }
    std::vector<std::string> list(std::string_view header) const;  // split at `|`, empty items dropped
    int line() const { return line_; }

  private:
    const CsvTable* table_;
    std::vector<CsvCell> cells_;
    int line_;
};

class CsvTable {
  public:
    CsvTable() = default;
    CsvTable(const CsvTable&) = delete;
    CsvTable& operator=(const CsvTable&) = delete;
    CsvTable(CsvTable&&) = delete;

    const std::string& name() const { return name_; }
    const std::vector<CsvRow>& rows() const { return rows_; }
    int index_of(std::string_view header) const;  // -1 when absent
    // "routing.csv:12:7: ..." in an Error of kind Invalid and code CONFIG_INVALID.
    tl::unexpected<Error> error_at(const CsvCell& cell, std::string_view what) const;

    // `required`: the headers that must be there; any other column is kept and ignored.
    static Result<std::unique_ptr<CsvTable>> parse(std::string name, std::string_view text,
                                                   const std::vector<std::string>& required);

  private:
    std::string name_;
    std::vector<std::string> headers_;
    std::vector<CsvRow> rows_;
};

std::vector<std::string> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);

}  // namespace pleiade
