#include "tests/support/bulk_store.h"

#include <date/date.h>
#include <fmt/format.h>

#include <cstring>
#include <functional>
#include <map>
#include <variant>
#include <vector>

#include "common/base/check.h"
#include "common/base/sha256.h"
#include "common/ledger/sql/audit_chain.h"
#include "common/ledger/sql/rows.h"
#include "common/ledger/sql/times.h"
#include "common/ledger/sql/totals.h"
#include "common/ledger/sqlite/sqlite_database.h"
#include "common/ledger/sqlite/store_guard.h"

namespace pleiade::test {
namespace {

using ledger::Blob;
using ledger::Database;
using ledger::Query;

struct Bytes {
    std::string bytes;
};
using Value = std::variant<std::nullptr_t, std::int64_t, double, std::string, Bytes>;
using Row = std::vector<Value>;

struct Table {
    std::string name;
    std::vector<std::string> columns;
    std::vector<Row> rows;
    std::string insert;
};

// How a column moves from one copy to the next: numbers by the size of the template's table that they number.
const std::map<std::string, std::string> kNumbers = {
    {"pli_n", "pli"}, {"lot_n", "lot"}, {"document_n", "document"}, {"delivery_n", "delivery"}, {"seq", "audit"}};

bool is_time(const std::string& column) {
    return column.ends_with("_ms") && column != "backoff_ms" && column != "lease_ms";
}

std::string day_of(std::int64_t ms) {
    return date::format("%Y-%m-%d", date::floor<date::days>(WallTime{std::chrono::milliseconds{ms}}));
}

class Copier {
  public:
    Copier(Database& database, std::int64_t plis, std::int64_t copies, std::int64_t step_ms)
        : database_(database), plis_(plis), copies_(copies), step_ms_(step_ms) {
        Query names(database_, std::string("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid"));
        while (names.next()) load(names.text(0));
    }

    void run() {
        std::vector<std::string> indexes;
        {
            Query query(database_, std::string("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS "
                                               "NOT NULL"));
            std::vector<std::string> names;
            while (query.next()) {
                names.push_back(query.text(0));
                indexes.push_back(query.text(1));
            }
            for (const auto& name : names) drops_ += "DROP INDEX " + name + ";";
        }
        database_.execute_script("BEGIN IMMEDIATE;" + drops_ + "PRAGMA defer_foreign_keys=ON;");
        for (copy_ = 1; copy_ <= copies_; ++copy_) copy_all();
        for (const auto& sql : indexes) database_.execute_script(sql);
        std::string totals = "UPDATE totals SET ";
        for (std::size_t i = 0; i < ledger::Totals::kSize; ++i) {
            const std::string name(ledger::Totals::names().at(i));
            totals += fmt::format("{}{} = {} * {}", i == 0 ? "" : ", ", name, name, copies_ + 1);
        }
        database_.execute_script(totals);
        ledger::run(database_, "UPDATE audit_head SET seq = ?, hash = ?", seq_, Blob{head_});
        database_.execute_script("COMMIT");
    }

  private:
    // Tables whose rows belong to a pli, a lot or a document; the others are the installation's.
    void load(const std::string& name) {
        if (name.starts_with("sqlite_")) return;
        Table table{name, {}, {}, ""};
        {
            Query query(database_, "PRAGMA table_info(" + name + ")");
            while (query.next()) table.columns.push_back(query.text(1));
        }
        bool copied = name == "lot";
        for (const auto& column : table.columns) copied = copied || (kNumbers.contains(column) && name != "audit_head");
        if (!copied) return;
        Query query(database_, "SELECT * FROM " + name + (name == "audit" ? " ORDER BY seq" : ""));
        while (query.next()) table.rows.push_back(row_of(query, table.columns.size()));
        std::int64_t last = 0;
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            if (table.columns[i] != "n" && !(name == "audit" && table.columns[i] == "seq")) continue;
            for (const auto& row : table.rows) last = std::max(last, std::get<std::int64_t>(row[i]));
        }
        last_[name] = last;
        if (name == "audit") {
            seq_ = last;
            head_ = std::get<Bytes>(table.rows.back().back()).bytes;
        }
        table.insert = "INSERT INTO " + name + " VALUES(?";
        for (std::size_t i = 1; i < table.columns.size(); ++i) table.insert += ",?";
        table.insert += ")";
        // Kept apart: statements are found by the address of their text.
        tables_.push_back(std::make_unique<Table>(std::move(table)));
    }

    static Row row_of(const Query& query, std::size_t columns) {
        Row row;
        for (std::size_t i = 0; i < columns; ++i) {
            const int column = static_cast<int>(i);
            switch (query.type(column)) {
                case ledger::ColumnType::Integer:
                    row.emplace_back(query.integer(column));
                    break;
                case ledger::ColumnType::Real:
                    row.emplace_back(query.real(column));
                    break;
                case ledger::ColumnType::Text:
                    row.emplace_back(query.text(column));
                    break;
                case ledger::ColumnType::Blob:
                    row.emplace_back(Bytes{query.text(column)});
                    break;
                default:
                    row.emplace_back(nullptr);
            }
        }
        return row;
    }

    void copy_all() {
        for (const auto& table : tables_) {
            if (table->name == "audit") {
                copy_journal(*table);
                continue;
            }
            for (const Row& row : table->rows) {
                Row copy = row;
                for (std::size_t i = 0; i < copy.size(); ++i) move(*table, i, copy[i]);
                insert(*table, copy);
            }
        }
    }

    void move(const Table& table, std::size_t i, Value& value) {
        const std::string& column = table.columns[i];
        if (auto* const number = std::get_if<std::int64_t>(&value)) {
            if (column == "n") *number += copy_ * last_.at(table.name);
            if (const auto known = kNumbers.find(column); known != kNumbers.end() && *number > 0) {
                *number += copy_ * last_.at(known->second);
            }
            if (is_time(column) && *number > 0) *number += copy_ * step_ms_;
            return;
        }
        auto* const text = std::get_if<std::string>(&value);
        if (text != nullptr) {
            const bool named = (column == "id" && (table.name == "pli" || table.name == "delivery")) ||
                               (column == "lot" && table.name == "lot");
            if (named) *text = name_of(*text);
            if (column == "endorser") *text = fmt::format("B{:09}", ++serial_);
            if (column == "registered_number" && !text->empty()) *text = fmt::format("2C{:011}", ++serial_);
            if (column == "received_on" && !text->empty()) *text = moved_day(*text);
            if ((column == "due" || column == "legal_due") && !text->empty()) {
                *text = ledger::rfc3339_utc(*ledger::ms_of_rfc3339(*text) + copy_ * step_ms_);
            }
            return;
        }
        auto* const bytes = std::get_if<Bytes>(&value);
        if (bytes == nullptr) return;
        if (table.name == "nir" && column == "digest") std::memcpy(bytes->bytes.data(), &++serial_, sizeof serial_);
        if (table.name == "pli" && column == "context") {
            v1::PliContext context;
            ledger::parse_stored(context, bytes->bytes);
            context.set_lot(name_of(context.lot()));
            context.set_received_on(moved_day(context.received_on()));
            bytes->bytes = context.SerializeAsString();
        }
    }

    // The same for each mention of a name in one copy: a lot is said with its number, an identifier is digested.
    std::string name_of(const std::string& text) const {
        if (text.starts_with("LOT-")) return fmt::format("{}-{}", text, copy_);
        return sha256_hex(fmt::format("{} {}", copy_, text)).substr(0, text.size());
    }
    std::string moved_day(const std::string& day) const {
        return day_of(*ledger::ms_of_rfc3339(day + "T00:00:00Z") + copy_ * step_ms_);
    }

    void copy_journal(const Table& table) {
        for (const Row& row : table.rows) {
            const auto number = [&](std::size_t i) { return std::get<std::int64_t>(row[i]); };
            const auto text = [&](std::size_t i) { return std::get<std::string>(row[i]); };
            if (text(2).starts_with("ledger.")) continue;  // the installation's, not a pli's
            ledger::SealedEntry sealed;
            sealed.seq = ++seq_;
            sealed.at_ms = number(1) + copy_ * step_ms_;
            sealed.entry = {text(2),   number(3) == 0 ? 0 : number(3) + copy_ * last_.at("pli"),
                            number(4), text(5),
                            text(6),   text(7),
                            text(8),   text(9),
                            text(10)};
            const std::string& kind = sealed.entry.kind;
            if (kind == "pli.registered" || kind.starts_with("delivery.") || kind.starts_with("lot.")) {
                sealed.entry.ref = name_of(sealed.entry.ref);
            }
            sealed.prev = head_;
            sealed.hash = ledger::audit_hash(sealed);
            const auto& e = sealed.entry;
            ledger::run(database_, table.insert.c_str(), sealed.seq, sealed.at_ms, e.kind, e.pli_n, e.document, e.actor,
                        e.from_state, e.to_state, e.code, e.ref, e.detail, Blob{sealed.prev}, Blob{sealed.hash});
            head_ = sealed.hash;
        }
    }

    void insert(const Table& table, const Row& row) {
        Query query(database_, table.insert.c_str());
        for (std::size_t i = 0; i < row.size(); ++i) {
            const int index = static_cast<int>(i) + 1;
            std::visit(
                [&](const auto& value) {
                    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Bytes>) {
                        query.bind(index, Blob{value.bytes});
                    } else {
                        query.bind(index, value);
                    }
                },
                row[i]);
        }
        query.run();
    }

    Database& database_;
    const std::int64_t plis_;
    const std::int64_t copies_;
    const std::int64_t step_ms_;
    std::vector<std::unique_ptr<Table>> tables_;
    std::map<std::string, std::int64_t> last_;
    std::string drops_;
    std::int64_t copy_ = 0;
    std::int64_t serial_ = 0;
    std::int64_t seq_ = 0;
    std::string head_;
};

}  // namespace

std::int64_t build_bulk_store(const BulkOptions& options) {
    const auto since = options.until - std::chrono::hours(24 * options.days);
    const std::int64_t plis = build_bulk_template(options.folder, since);
    const std::int64_t copies = std::max<std::int64_t>(0, (options.plis + plis - 1) / plis - 1);
    if (copies == 0) return plis;
    const ledger::StoreGuard guard(options.folder);
    ledger::SqliteDatabase database(ledger::store_path(options.folder), ledger::SqliteDatabase::Mode::Write);
    // Nobody needs what a crash would leave of it.
    database.execute_script(
        "PRAGMA journal_mode=DELETE; PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF;"
        "PRAGMA cache_size=-1048576; PRAGMA foreign_keys=OFF;");
    const std::int64_t span_ms = std::int64_t{options.days} * 24 * 3'600'000;
    Copier(database, plis, copies, span_ms / (copies + 1)).run();
    database.execute_script("PRAGMA synchronous=FULL; PRAGMA journal_mode=WAL;");
    return plis * (copies + 1);
}

}  // namespace pleiade::test
