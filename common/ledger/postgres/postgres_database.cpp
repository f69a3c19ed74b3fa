#include "common/ledger/postgres/postgres_database.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <array>

#include "common/base/failpoint.h"
#include "common/ledger/postgres/postgres_statement.h"

namespace pleiade::ledger {
namespace {

constexpr const char* kSession =
    // Never weaker than the server's own: remote_apply waits for a standby besides.
    "SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN "
    "'remote_apply' ELSE 'on' END, false);"
    "SET standard_conforming_strings = on; SET bytea_output = hex; SET client_min_messages = warning;"
    "SET default_transaction_isolation = 'read committed'; SET lock_timeout = '10s';"
    // A link that is cut without a word: the server would keep the session, and its place among them, for hours.
    "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;"
    "SET tcp_user_timeout = '10s';";
// Whoever holds the lock and stays silent loses it; a reader keeps nobody waiting.
constexpr const char* kWriterSilence = "SET idle_in_transaction_session_timeout = '5s'";
constexpr const char* kReaderSilence = "SET idle_in_transaction_session_timeout = '10min'";

// An error of the server's that says nothing about our data: it stops, starts, is full, or somebody else is before us.
bool is_passing(const std::string& state) {
    static constexpr std::array<const char*, 10> kPassing = {"08",    "53",    "57P",   "58030", "40001",
                                                             "40P01", "55P03", "57014", "25P03", "25006"};
    for (const char* start : kPassing) {
        if (state.rfind(start, 0) == 0) return true;
    }
    return false;
}

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

}  // namespace

void PgDelete::operator()(pg_conn* connection) const {
    PQfinish(connection);
}
void PgDelete::operator()(pg_result* result) const {
    PQclear(result);
}

PostgresDatabase::PostgresDatabase(std::string url, Mode mode) : url_(std::move(url)), mode_(mode) {
    connect();
}

PostgresDatabase::~PostgresDatabase() {
    forget_statements();
}

void PostgresDatabase::connect() {
    forget_statements();
    connection_.reset();
    // Before the address, so that it prevails.
    const std::array<const char*, 10> names = {"connect_timeout",           "keepalives_idle",
                                               "keepalives_interval",       "keepalives_count",
                                               "tcp_user_timeout",          "target_session_attrs",
                                               "fallback_application_name", "dbname",
                                               "client_encoding",           nullptr};
    const std::array<const char*, 10> values = {
        "3",       "3",          "1",    "2",    "5000", mode_ == Mode::Write ? "read-write" : "any",
        "pleiade", url_.c_str(), "UTF8", nullptr};
    connection_.reset(PQconnectdbParams(names.data(), values.data(), 1));
    if (connection_ == nullptr || PQstatus(connection_.get()) != CONNECTION_OK) {
        const std::string why = connection_ == nullptr ? "no memory" : PQerrorMessage(connection_.get());
        connection_.reset();
        throw StoreAway("the database cannot be reached: " + first_line(why));
    }
    // Else libpq writes what the server says beside an answer on standard error; what matters comes as an error too.
    PQsetNoticeReceiver(
        connection_.get(), [](void*, const pg_result*) {}, nullptr);
    execute_script(kSession);
    execute_script(mode_ == Mode::Write ? kWriterSilence : kReaderSilence);
    Query settings(*this, std::string("SELECT current_setting('synchronous_commit'), current_setting('fsync'), "
                                      "current_setting('full_page_writes'), current_setting('server_encoding'), "
                                      "current_setting('server_version_num')"));
    settings.next();
    const bool durable = (settings.text(0) == "on" || settings.text(0) == "remote_apply") && settings.text(1) == "on" &&
                         settings.text(2) == "on";
    if (mode_ == Mode::Write && !durable) {
        throw std::runtime_error(
            "LEDGER_NOT_DURABLE: the database would lose mail when its power fails; set fsync, full_page_writes and "
            "synchronous_commit to on");
    }
    if (settings.text(3) != "UTF8" || settings.integer(4) < 140'000) {
        throw std::runtime_error("the ledger needs PostgreSQL 14 or later and a database of encoding UTF8");
    }
}

PgResult PostgresDatabase::checked(pg_result* raw, const std::string& doing) {
    PgResult result(raw);
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return result;
    const char* const code = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
    const std::string state = code == nullptr ? "" : code;
    // The primary message alone: a detail may quote a row.
    const char* const primary = PQresultErrorField(result.get(), PG_DIAG_MESSAGE_PRIMARY);
    const std::string why = primary != nullptr ? primary : first_line(PQerrorMessage(connection_.get()));
    if (PQstatus(connection_.get()) != CONNECTION_OK || state.empty() || is_passing(state)) {
        throw StoreAway(fmt::format("the database is away: {} {}", state, why));
    }
    StoreFault fault = StoreFault::Failed;
    if (state.rfind("23", 0) == 0) fault = StoreFault::Refused;
    if (state.rfind("XX001", 0) == 0 || state.rfind("XX002", 0) == 0) fault = StoreFault::Damaged;
    throw StoreError(fmt::format("the ledger's store failed: {} {} ({})", state, why, doing), fault);
}

void PostgresDatabase::execute_script(const std::string& sql) {
    if (connection_ == nullptr) connect();
    checked(PQexec(connection_.get(), sql.c_str()), sql.substr(0, 80));
}

void PostgresDatabase::begin(const std::string& sql) {
    if (connection_ != nullptr && PQtransactionStatus(connection_.get()) == PQTRANS_INERROR) roll_back();
    if (connection_ == nullptr || PQtransactionStatus(connection_.get()) != PQTRANS_IDLE) connect();
    try {
        execute_script(sql);
    } catch (const StoreAway&) {
        // A restart of the database shows at the first statement after it: once more, on a new connection.
        const bool lost = PQstatus(connection_.get()) != CONNECTION_OK;
        roll_back();
        if (!lost) throw;
        connect();
        execute_script(sql);
    }
}

void PostgresDatabase::begin_write() {
    begin("BEGIN; SELECT pg_advisory_xact_lock(1347175241, hashtext(current_schema()))");
}
void PostgresDatabase::begin_read() {
    begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

void PostgresDatabase::commit() {
    PgResult result(PQexec(connection_.get(), "COMMIT"));
    const bool ended = PQresultStatus(result.get()) == PGRES_COMMAND_OK;
    if (ended && std::string_view(PQcmdStatus(result.get())) == "COMMIT") return;
    if (ended) throw StoreError("the database rolled the batch back", StoreFault::Failed);
    if (PQstatus(connection_.get()) != CONNECTION_OK) {
        throw CommitUnknown("the database went away while it committed: " +
                            first_line(PQerrorMessage(connection_.get())));
    }
    checked(result.release(), "COMMIT");
}

void PostgresDatabase::roll_back() noexcept {
    if (connection_ == nullptr) return;
    if (PQtransactionStatus(connection_.get()) == PQTRANS_IDLE) return;
    PQclear(PQexec(connection_.get(), "ROLLBACK"));
    if (PQstatus(connection_.get()) != CONNECTION_OK) {
        forget_statements();
        connection_.reset();
    }
}

// The server checks its pages as it reads them, where its data checksums are on; `verify` reads every row.
bool PostgresDatabase::sound() {
    return true;
}

std::unique_ptr<Statement> PostgresDatabase::prepare(const std::string& sql, bool kept) {
    return std::make_unique<PostgresStatement>(*this, sql, kept ? fmt::format("s{}", ++prepared_) : "");
}
std::unique_ptr<Statement> PostgresDatabase::prepare_scan(const std::string& sql) {
    return std::make_unique<PostgresStatement>(*this, sql, PostgresStatement::Cursor{fmt::format("c{}", ++prepared_)});
}

}  // namespace pleiade::ledger
