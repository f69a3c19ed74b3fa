#include "tests/support/bulk_postgres.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <map>
#include <memory>
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

class Multiplier {
  public:
    Multiplier(Server& server, int times) : server_(server), times_(times) {}

    void run() {
        server_.ask("BEGIN");
        server_.ask("SET LOCAL session_replication_role = replica");  // references are as right as they were
        server_.ask("SET LOCAL maintenance_work_mem = '1GB'");
        const auto indexes = server_.ask(
            "SELECT indexname, indexdef FROM pg_indexes i WHERE schemaname = current_schema() AND NOT EXISTS(SELECT 1 "
            "FROM pg_constraint c WHERE c.conname = i.indexname)");
        for (const auto& index : indexes) server_.ask("DROP INDEX " + index[0]);
        std::map<std::string, std::vector<std::string>> tables;
        for (const auto& row :
             server_.ask("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = "
                         "current_schema() ORDER BY table_name, ordinal_position")) {
            tables[row[0]].push_back(row[1]);
        }
        for (const auto& [name, columns] : tables) {
            for (const auto& column : columns) {
                if (column == "n") last_[name] = server_.number("SELECT coalesce(max(n), 0) FROM " + name);
            }
        }
        for (const auto& [name, columns] : tables) {
            if (is_of_mail(name, columns)) copy(name, columns);
        }
        std::string totals;
        for (const auto& column : tables.at("totals")) {
            if (column != "one")
                totals += fmt::format("{}{} = {} * {}", totals.empty() ? "" : ", ", column, column, times_);
        }
        server_.ask("UPDATE totals SET " + totals);
        for (const auto& index : indexes) server_.ask(index[1]);
        server_.ask("COMMIT");
        server_.ask("VACUUM ANALYZE");
    }

  private:
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
        server_.ask(fmt::format("INSERT INTO {}({}) SELECT {} FROM {} CROSS JOIN generate_series(1, {}) AS copy(k)",
                                name, names, values, name, times_ - 1));
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
    std::map<std::string, std::int64_t> last_;
};

}  // namespace

std::int64_t multiply_store(const std::string& url, int times) {
    Server server(url);
    if (times > 1) Multiplier(server, times).run();
    return server.number("SELECT count(*) FROM pli");
}

}  // namespace pleiade::test
