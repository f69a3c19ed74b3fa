#include "common/ledger/sql/copier.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace pleiade::ledger {
namespace {

constexpr int kRowsAtOnce = 50;  // one statement: a round trip is paid once for all of them
constexpr std::int64_t kTellEvery = 100'000;

// (?,?,?),(?,?,?)
std::string places(int columns, int rows) {
    std::string row = "(?";
    for (int i = 1; i < columns; ++i) row += ",?";
    row += ')';
    std::string all = row;
    for (int i = 1; i < rows; ++i) all += "," + row;
    return all;
}

// What a column holds, kept when its row is gone.
struct Value {
    ColumnType type;
    std::int64_t integer = 0;
    double real = 0;
    std::string bytes;
};

Value value_of(const Query& row, int column) {
    Value value{row.type(column), 0, 0, {}};
    if (value.type == ColumnType::Integer) value.integer = row.integer(column);
    if (value.type == ColumnType::Real) value.real = row.real(column);
    if (value.type == ColumnType::Text || value.type == ColumnType::Blob) value.bytes = row.text(column);
    return value;
}

void bind(Query& target, int place, const Value& value) {
    switch (value.type) {
        case ColumnType::Null:
            return target.bind(place, nullptr);
        case ColumnType::Integer:
            return target.bind(place, value.integer);
        case ColumnType::Real:
            return target.bind(place, value.real);
        case ColumnType::Text:
            return target.bind(place, value.bytes);
        case ColumnType::Blob:
            return target.bind(place, Blob{value.bytes});
    }
}

void insert(Database& to, const Table& table, const std::vector<Value>& values) {
    if (values.empty()) return;
    const int columns = column_count(table);
    Query target(to, fmt::format("INSERT INTO {}({}) VALUES {}", table.name, table.columns,
                                 places(columns, static_cast<int>(values.size()) / columns)));
    for (std::size_t i = 0; i < values.size(); ++i) bind(target, static_cast<int>(i) + 1, values[i]);
    target.run();
}

std::string in_order(const Table& table) {
    return fmt::format("SELECT {} FROM {} ORDER BY {}", table.columns, table.name, table.key);
}

bool alike(const Query& a, const Query& b, int column) {
    const ColumnType type = a.type(column);
    if (type != b.type(column)) return false;
    switch (type) {
        case ColumnType::Null:
            return true;
        case ColumnType::Integer:
            return a.integer(column) == b.integer(column);
        case ColumnType::Real:
            return a.real(column) == b.real(column);
        default:
            return a.text(column) == b.text(column);
    }
}

}  // namespace

bool Copier::target_is_empty() {
    return std::ranges::none_of(tables(), [&](const Table& table) {
        if (table.has_one_row) return false;
        return Query(to_, fmt::format("SELECT 1 FROM {} LIMIT 1", table.name)).next();
    });
}

std::int64_t Copier::copy() {
    std::int64_t rows = 0;
    for (const Table& table : tables()) rows += copy(table);
    return rows;
}

std::int64_t Copier::copy(const Table& table) {
    if (table.has_one_row) Query(to_, fmt::format("DELETE FROM {}", table.name)).run();
    const int columns = column_count(table);
    Query source(from_, Scan{}, in_order(table).c_str());
    std::vector<Value> values;
    std::int64_t rows = 0;
    while (source.next()) {
        for (int column = 0; column < columns; ++column) values.push_back(value_of(source, column));
        if (++rows % kRowsAtOnce == 0) {
            insert(to_, table, values);
            values.clear();
        }
        if (rows % kTellEvery == 0) progress_("copied", table.name, rows);
    }
    insert(to_, table, values);
    progress_("copied", table.name, rows);
    return rows;
}

Result<std::int64_t> Copier::compare() {
    std::int64_t rows = 0;
    for (const Table& table : tables()) {
        const auto compared = compare(table);
        if (!compared) return compared;
        rows += *compared;
    }
    return rows;
}

Result<std::int64_t> Copier::compare(const Table& table) {
    const int columns = column_count(table);
    Query source(from_, Scan{}, in_order(table).c_str());
    Query target(to_, Scan{}, in_order(table).c_str());
    for (std::int64_t rows = 0;; ++rows) {
        const bool more = source.next();
        bool same = more == target.next();
        for (int column = 0; more && same && column < columns; ++column) same = alike(source, target, column);
        if (!same) {
            return invalid("COPY_DIFFERS",
                           fmt::format("row {} of table {} is not the same in both stores; empty the target and copy "
                                       "again",
                                       rows + 1, table.name));
        }
        if (rows % kTellEvery == 0 && rows > 0) progress_("compared", table.name, rows);
        if (!more) {
            progress_("compared", table.name, rows);
            return rows;
        }
    }
}

}  // namespace pleiade::ledger
