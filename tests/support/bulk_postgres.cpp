#include "tests/support/bulk_postgres.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <vector>

namespace pleiade::test {
namespace {

constexpr std::int64_t kStepMs = 7'200'000;  // between a row and its next copy

// The table that a number counts in.
const std::map<std::string, std::string> kNumbers = {
    {"pli_n", "pli"}, {"lot_n", "lot"}, {"document_n", "document"}, {"delivery_n", "delivery"}};
// Not copied: the installation's rows, and the journal with what stands beside it.
const std::vector<std::string> kLeft = {"audit", "audit_head", "act", "totals"};

using Rows = std::vector<std::vector<std::string>>;

class Server {
  public:
    explicit Server(const std::string& url) : connection_(PQconnectdb(url.c_str()), PQfinish) {}

    Rows ask(const std::string& sql) {
        const std::unique_ptr<PGresult, void (*)(PGresult*)> answer(PQexec(connection_.get(), sql.c_str()), PQclear);
        const auto status = PQresultStatus(answer.get());
        if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
            throw std::runtime_error(PQerrorMessage(connection_.get()));
        }
        Rows rows;
        for (int i = 0; i < PQntuples(answer.get()); ++i) {
            auto& row = rows.emplace_back();
            for (int j = 0; j < PQnfields(answer.get()); ++j) row.emplace_back(PQgetvalue(answer.get(), i, j));
        }
        return rows;
    }
    std::int64_t number(const std::string& sql) { return std::stoll(ask(sql).at(0).at(0)); }

  private:
    const std::unique_ptr<PGconn, void (*)(PGconn*)> connection_;
};

// What a table is without while it is filled, and how it is said again.
struct Part {
    std::string table;
    std::string name;
    std::string definition;
};

class Multiplier {
  public:
    Multiplier(Server& server, int times) : server_(server), times_(times) {}

    void run() {
        server_.ask("BEGIN");
        server_.ask("SET LOCAL maintenance_work_mem = '1GB'");
        const auto tables = columns_of_tables();
        for (const auto& [name, columns] : tables) {
            if (!is_of_mail(name, columns)) continue;
            mail_.insert(name);
            for (const auto& column : columns) {
                if (column == "n") last_[name] = server_.number("SELECT coalesce(max(n), 0) FROM " + name);
            }
        }
        // Rows without indexes, then each index at once: row by row it takes far longer.
        const auto references = constraints("contype = 'f'");
        for (const auto& one : references) drop(one);
        const auto keys = constraints("contype IN ('p', 'u')");
        for (const auto& one : keys) drop(one);
        const auto indexes =
            server_.ask("SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()");
        for (const auto& index : indexes) {
            if (mail_.contains(index[0])) server_.ask("DROP INDEX " + index[1]);
        }
        for (const auto& name : mail_) copy(name, tables.at(name));
        for (const auto& one : keys) add(one, "");
        for (const auto& index : indexes) {
            if (mail_.contains(index[0])) server_.ask(index[2]);
        }
        for (const auto& one : references) add(one, " NOT VALID");  // they are as right as they were
        std::string totals;
        for (const auto& column : tables.at("totals")) {
            if (column != "one")
                totals += fmt::format("{}{} = {} * {}", totals.empty() ? "" : ", ", column, column, times_);
        }
        server_.ask("UPDATE totals SET " + totals);
        server_.ask("COMMIT");
        server_.ask("VACUUM ANALYZE");
    }

  private:
    std::map<std::string, std::vector<std::string>> columns_of_tables() {
        std::map<std::string, std::vector<std::string>> tables;
        for (const auto& row :
             server_.ask("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = "
                         "current_schema() ORDER BY table_name, ordinal_position")) {
            tables[row[0]].push_back(row[1]);
        }
        return tables;
    }

    // Of the mail's tables; of a reference, those that point to them too.
    std::vector<Part> constraints(const std::string& kind) {
        std::vector<Part> found;
        for (const auto& row : server_.ask("SELECT conrelid::regclass, conname, pg_get_constraintdef(oid), "
                                           "coalesce(nullif(confrelid, 0), conrelid)::regclass FROM pg_constraint "
                                           "WHERE connamespace = current_schema()::regnamespace AND " +
                                           kind)) {
            if (mail_.contains(row[0]) || mail_.contains(row[3])) found.push_back({row[0], row[1], row[2]});
        }
        return found;
    }
    void drop(const Part& one) { server_.ask(fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", one.table, one.name)); }
    void add(const Part& one, const std::string& how) {
        server_.ask(fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {}{}", one.table, one.name, one.definition, how));
    }

    static bool is_of_mail(const std::string& name, const std::vector<std::string>& columns) {
        for (const auto& left : kLeft) {
            if (name == left) return false;
        }
        bool copied = name == "lot";
        for (const auto& column : columns) copied = copied || kNumbers.contains(column);
        return copied;
    }

    void copy(const std::string& name, const std::vector<std::string>& columns) {
        std::string names;
        std::string values;
        for (const auto& column : columns) {
            names += (names.empty() ? "" : ", ") + column;
            values += (values.empty() ? "" : ", ") + moved(name, column);
        }
        // Emptied in the transaction that fills it, a table of a server with wal_level=minimal is written once, not to
        // the log too.
        const auto rows = "first_" + name;
        server_.ask(fmt::format("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS TABLE {}", rows, name));
        server_.ask("TRUNCATE " + name);
        server_.ask(fmt::format("INSERT INTO {} TABLE {}", name, rows));
        for (int k = 1; k < times_; ++k) {
            server_.ask(fmt::format("INSERT INTO {}({}) SELECT {} FROM (SELECT *, {}::bigint AS k FROM {}) AS copy",
                                    name, names, values, k, rows));
        }
        if (last_.contains(name)) {
            server_.ask(
                fmt::format("SELECT setval(pg_get_serial_sequence('{}', 'n'), (SELECT max(n) FROM {}))", name, name));
        }
    }

    std::string moved(const std::string& table, const std::string& column) const {
        if (column == "n") return fmt::format("n + k * {}", last_.at(table));
        if (const auto known = kNumbers.find(column); known != kNumbers.end()) {
            return fmt::format("CASE WHEN {0} > 0 THEN {0} + k * {1} ELSE {0} END", column, last_.at(known->second));
        }
        if (column.ends_with("_ms") && column != "backoff_ms" && column != "lease_ms") {
            return fmt::format("CASE WHEN {0} > 0 THEN {0} - k * {1} ELSE {0} END", column, kStepMs);
        }
        if (column == "id" || (table == "lot" && column == "lot")) {
            return fmt::format("left(md5(k || ' ' || {0}) || md5({0} || ' ' || k), greatest(32, length({0})))", column);
        }
        if (column == "endorser") return "endorser || '-' || k";
        if (table == "nir" && column == "digest") return "sha256(digest || int8send(k))";
        return column;
    }

    Server& server_;
    const int times_;
    std::set<std::string> mail_;  // names of the tables that are copied
    std::map<std::string, std::int64_t> last_;
};

}  // namespace

std::int64_t multiply_store(const std::string& url, int times) {
    Server server(url);
    if (times > 1) Multiplier(server, times).run();
    return server.number("SELECT count(*) FROM pli");
}

}  // namespace pleiade::test
