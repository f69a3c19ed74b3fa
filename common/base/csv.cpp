#include "common/base/csv.h"

#include <fmt/format.h>

#include "common/base/check.h"

namespace pleiade {

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    std::size_t from = 0;
    while (true) {
        const auto to = text.find(separator, from);
        parts.emplace_back(text.substr(from, to - from));
        if (to == std::string_view::npos) return parts;
        from = to + 1;
    }
}

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

const CsvCell& CsvRow::at(std::string_view header) const {
    const int index = table_->index_of(header);
    PLEIADE_CHECK(index >= 0);
    return cells_[static_cast<std::size_t>(index)];
}

std::vector<std::string> CsvRow::list(std::string_view header) const {
    std::vector<std::string> items;
    for (auto& part : split(at(header).text, '|')) {
        if (const auto item = trim(part); !item.empty()) items.emplace_back(item);
    }
    return items;
}

int CsvTable::index_of(std::string_view header) const {
    for (std::size_t i = 0; i < headers_.size(); ++i) {
        if (headers_[i] == header) return static_cast<int>(i);
    }
    return -1;
}

tl::unexpected<Error> CsvTable::error_at(const CsvCell& cell, std::string_view what) const {
    return invalid("CONFIG_INVALID", fmt::format("{}:{}:{}: {}", name_, cell.line, cell.column, what));
}

Result<std::unique_ptr<CsvTable>> CsvTable::parse(std::string name, std::string_view text,
                                                  const std::vector<std::string>& required) {
    auto table = std::make_unique<CsvTable>();
    table->name_ = std::move(name);
    if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);  // what spreadsheets put first
    int number = 0;
    for (const auto& raw : split(text, '\n')) {
        ++number;
        const auto line = trim(raw);
        if (line.empty() || line.front() == '#') continue;
        std::vector<CsvCell> cells;
        int column = 1;
        for (const auto& part : split(line, ';')) {
            cells.push_back({std::string(trim(part)), number, column});
            column += static_cast<int>(part.size()) + 1;
        }
        if (table->headers_.empty()) {
            for (auto& cell : cells) table->headers_.push_back(cell.text);
            for (const auto& header : required) {
                if (table->index_of(header) < 0) {
                    return table->error_at(cells.front(), fmt::format("the column «{}» is missing", header));
                }
            }
            continue;
        }
        if (cells.size() != table->headers_.size()) {
            return table->error_at(
                cells.back(), fmt::format("{} columns where the header has {}", cells.size(), table->headers_.size()));
        }
        table->rows_.emplace_back(table.get(), std::move(cells), number);
    }
    if (table->headers_.empty()) {
        return table->error_at({"", 1, 1}, "the table is empty; its first line names the columns");
    }
    return table;
}

}  // namespace pleiade
