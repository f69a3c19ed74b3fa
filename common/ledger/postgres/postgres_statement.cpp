#include "common/ledger/postgres/postgres_statement.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <cstdlib>

#include "common/base/check.h"
#include "common/ledger/postgres/dialect.h"

namespace pleiade::ledger {
namespace {

// pg_type.h, which the server's headers hold and the client's do not.
constexpr Oid kBool = 16;
constexpr Oid kBytea = 17;
constexpr Oid kInt8 = 20;
constexpr Oid kInt2 = 21;
constexpr Oid kInt4 = 23;
constexpr Oid kFloat4 = 700;
constexpr Oid kFloat8 = 701;
constexpr Oid kNumeric = 1700;

constexpr int kRowsAtOnce = 2'000;  // of a cursor

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    return c - 'a' + 10;
}

std::string bytes_of_hex(const char* text, int length) {
    PLEIADE_CHECK(length >= 2 && text[0] == '\\' && text[1] == 'x');
    std::string bytes;
    bytes.reserve(static_cast<std::size_t>(length) / 2);
    for (int i = 2; i + 1 < length; i += 2) bytes += static_cast<char>(digit(text[i]) * 16 + digit(text[i + 1]));
    return bytes;
}

}  // namespace

PostgresStatement::PostgresStatement(PostgresDatabase& database, const std::string& sql, std::string name)
    : database_(database), sql_(for_postgres(sql)), name_(std::move(name)) {}

PostgresStatement::PostgresStatement(PostgresDatabase& database, const std::string& sql, Cursor cursor)
    : database_(database),
      sql_(fmt::format("DECLARE {} NO SCROLL CURSOR FOR {}", cursor.name, for_postgres(sql))),
      cursor_(std::move(cursor.name)) {}

PostgresStatement::Value& PostgresStatement::at(int index) {
    const auto place = static_cast<std::size_t>(index) - 1;
    if (values_.size() <= place) values_.resize(place + 1);
    return values_[place];
}

void PostgresStatement::bind(int index, std::int64_t value) {
    at(index) = {std::to_string(value), false};
}
void PostgresStatement::bind(int index, double value) {
    at(index) = {fmt::format("{}", value), false};
}
void PostgresStatement::bind(int index, std::string_view value) {
    at(index) = {without_nul(value), false};
}
void PostgresStatement::bind(int index, Blob value) {
    at(index) = {std::string(value.bytes), true};
}
void PostgresStatement::bind(int index, std::nullptr_t) {
    at(index) = {std::nullopt, false};
}

PgResult PostgresStatement::execute() {
    pg_conn* const connection = database_.connection();
    if (connection == nullptr) throw StoreAway("the database went away");
    std::vector<const char*> bytes;
    std::vector<int> lengths;
    std::vector<int> formats;
    for (const Value& value : values_) {
        bytes.push_back(value.bytes ? value.bytes->c_str() : nullptr);
        lengths.push_back(value.bytes ? static_cast<int>(value.bytes->size()) : 0);
        formats.push_back(value.is_blob ? 1 : 0);
    }
    const int count = static_cast<int>(values_.size());
    if (name_.empty()) {
        return database_.checked(
            PQexecParams(connection, sql_.c_str(), count, nullptr, bytes.data(), lengths.data(), formats.data(), 0),
            sql_);
    }
    if (!prepared_) {
        database_.checked(PQprepare(connection, name_.c_str(), sql_.c_str(), 0, nullptr), sql_);
        prepared_ = true;
    }
    return database_.checked(
        PQexecPrepared(connection, name_.c_str(), count, bytes.data(), lengths.data(), formats.data(), 0), sql_);
}

PgResult PostgresStatement::fetch() {
    return database_.checked(
        PQexec(database_.connection(), fmt::format("FETCH {} FROM {}", kRowsAtOnce, cursor_).c_str()), sql_);
}

bool PostgresStatement::next() {
    if (!cursor_.empty() && result_ != nullptr && row_ + 1 == kRowsAtOnce) {
        result_ = fetch();
        row_ = -1;
    }
    if (result_ == nullptr) {
        result_ = execute();
        if (!cursor_.empty()) result_ = fetch();
        row_ = -1;
        const char* const changed = PQcmdTuples(result_.get());
        changes_ = *changed == '\0' ? 0 : std::atoi(changed);
    }
    return ++row_ < PQntuples(result_.get());
}

void PostgresStatement::reset() {
    if (!cursor_.empty() && result_ != nullptr && database_.connection() != nullptr) {
        PQclear(PQexec(database_.connection(), fmt::format("CLOSE {}", cursor_).c_str()));
    }
    result_.reset();
    values_.clear();
    row_ = -1;
}

ColumnType PostgresStatement::type(int column) const {
    if (PQgetisnull(result_.get(), row_, column) != 0) return ColumnType::Null;
    switch (PQftype(result_.get(), column)) {
        case kBool:
        case kInt2:
        case kInt4:
        case kInt8:
            return ColumnType::Integer;
        case kFloat4:
        case kFloat8:
        case kNumeric:
            return ColumnType::Real;
        case kBytea:
            return ColumnType::Blob;
        default:
            return ColumnType::Text;
    }
}

std::int64_t PostgresStatement::integer(int column) const {
    if (PQgetisnull(result_.get(), row_, column) != 0) return 0;
    const char* const text = PQgetvalue(result_.get(), row_, column);
    if (PQftype(result_.get(), column) == kBool) return *text == 't' ? 1 : 0;
    return std::strtoll(text, nullptr, 10);
}

double PostgresStatement::real(int column) const {
    if (PQgetisnull(result_.get(), row_, column) != 0) return 0;
    return std::strtod(PQgetvalue(result_.get(), row_, column), nullptr);
}

std::string PostgresStatement::text(int column) const {
    if (PQgetisnull(result_.get(), row_, column) != 0) return {};
    const char* const text = PQgetvalue(result_.get(), row_, column);
    const int length = PQgetlength(result_.get(), row_, column);
    if (PQftype(result_.get(), column) == kBytea) return bytes_of_hex(text, length);
    return {text, static_cast<std::size_t>(length)};
}

}  // namespace pleiade::ledger
