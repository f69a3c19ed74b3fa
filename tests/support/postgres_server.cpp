#include "tests/support/postgres_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <libpq-fe.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <stdexcept>
#include <thread>

#include "common/base/check.h"

namespace pleiade::test {
namespace fs = std::filesystem;
namespace {

constexpr const char* kPrograms = "/usr/lib/postgresql/15/bin/";
constexpr uid_t kNobody = 65534;
constexpr auto kPatience = std::chrono::seconds(120);  // of a busy machine

bool is_root() {
    return ::geteuid() == 0;
}

std::string whole(const fs::path& path) {
    std::ifstream stream(path);
    return {std::istreambuf_iterator<char>(stream), {}};
}

bool ended_by_what_is_still_in_use(const std::string& log) {
    const auto start = log.rfind("is still in use");
    return start != std::string::npos && log.find("starting PostgreSQL", start) == std::string::npos;
}

}  // namespace

bool PostgresServer::available() {
    return fs::exists(std::string(kPrograms) + "initdb");
}

PostgresServer::PostgresServer(std::vector<std::string> settings) : settings_(std::move(settings)) {
    std::string pattern = (fs::temp_directory_path() / "pleiade-pg-XXXXXX").string();
    PLEIADE_CHECK(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    if (is_root()) PLEIADE_CHECK(::chown(pattern.c_str(), kNobody, kNobody) == 0);
    as_other_user(
        {std::string(kPrograms) + "initdb", "-D", (folder_ / "data").string(), "-U", "pleiade", "-A", "trust", "-E",
         "UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=fr", "--no-sync", "--no-instructions"},
        "initdb.log", true);
    start();
}

PostgresServer::~PostgresServer() {
    kill();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void PostgresServer::as_other_user(const std::vector<std::string>& command, const std::string& log, bool wait) {
    const std::string output = (folder_ / log).string();
    std::vector<char*> arguments;
    for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    PLEIADE_CHECK(child >= 0);
    if (child == 0) {
        ::setpgid(0, 0);
        if (is_root() && (::setgroups(0, nullptr) != 0 || ::setgid(kNobody) != 0 || ::setuid(kNobody) != 0))
            ::_exit(71);
        // After the change of user, which clears it. SIGQUIT: "immediate shutdown", its own children too.
        ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
        if (::getppid() != parent || ::chdir(folder_.c_str()) != 0) ::_exit(71);
        ::umask(0077);
        const int fd = ::open(output.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0644);
        const int nothing = ::open("/dev/null", O_RDONLY);
        if (fd < 0 || nothing < 0) ::_exit(71);
        ::dup2(nothing, 0);
        ::dup2(fd, 1);
        ::dup2(fd, 2);
        ::close_range(3, ~0U, 0);
        ::execv(arguments[0], arguments.data());
        ::_exit(71);
    }
    if (!wait) {
        server_ = child;
        return;
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error(command[0] + ": " + whole(output));
}

void PostgresServer::start() {
    PLEIADE_CHECK(server_ < 0);
    std::vector<std::string> command = {std::string(kPrograms) + "postgres", "-D", (folder_ / "data").string(), "-k",
                                        folder_.string()};
    for (const char* setting : {"listen_addresses=", "shared_buffers=32MB", "max_connections=60"}) {
        command.insert(command.end(), {"-c", setting});
    }
    for (const auto& setting : settings_) command.insert(command.end(), {"-c", setting});
    const auto launch = [&] { as_other_user(command, "server.log", false); };
    launch();
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (PQping(url("postgres").c_str()) != PQPING_OK) {
        int status = 0;
        const bool ended = ::waitpid(server_, &status, WNOHANG) == server_;
        if (ended) server_ = -1;
        const bool late = std::chrono::steady_clock::now() >= until;
        // The children of a server that was killed need a moment to notice, and hold its shared memory until then.
        const bool again = ended && !late && ended_by_what_is_still_in_use(whole(folder_ / "server.log"));
        if ((ended || late) && !again) {
            throw std::runtime_error("the test's PostgreSQL does not start: " + whole(folder_ / "server.log"));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        if (again) launch();
    }
}

void PostgresServer::stop() {
    if (server_ < 0) return;
    ::kill(server_, SIGINT);
    while (::waitpid(server_, nullptr, 0) < 0 && errno == EINTR) {
    }
    server_ = -1;
}

void PostgresServer::kill() {
    if (server_ < 0) return;
    // Its processes are of one session each; the postmaster's death ends them, as they all watch it.
    ::kill(server_, SIGKILL);
    while (::waitpid(server_, nullptr, 0) < 0 && errno == EINTR) {
    }
    server_ = -1;
}

std::string PostgresServer::url(const std::string& database) const {
    return fmt::format("postgresql:///{}?host={}&user=pleiade", database, folder_.string());
}

std::string PostgresServer::socket() const {
    return (folder_ / ".s.PGSQL.5432").string();
}

std::string PostgresServer::ask(const std::string& database, const std::string& sql) const {
    const std::unique_ptr<PGconn, void (*)(PGconn*)> connection(PQconnectdb(url(database).c_str()), PQfinish);
    const std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(connection.get(), sql.c_str()), PQclear);
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        throw std::runtime_error(PQerrorMessage(connection.get()));
    }
    return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : PQcmdTuples(result.get());
}

std::string PostgresServer::create_database(const std::string& of) {
    const std::string name = fmt::format("t{}", ++databases_);
    ask("postgres", fmt::format("CREATE DATABASE {}{}", name, of.empty() ? "" : " TEMPLATE " + of));
    return name;
}

void PostgresServer::drop_database(const std::string& name) {
    ask("postgres", fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", name));
}

PostgresServer& shared_postgres() {
    static PostgresServer server;
    return server;
}

}  // namespace pleiade::test
