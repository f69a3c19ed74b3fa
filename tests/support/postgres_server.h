// A real PostgreSQL of the tests' own: in a temporary folder, on a Unix socket, as a user who is not root.
//
// Operation: the server is a child that the kernel stops when the thread that started it ends, however it ends.
// Databases sort by a French collation, so that what depends on the order of bytes shows.
// Concurrency: one thread starts and stops it. Limits: Debian's PostgreSQL 15; `available` tells.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace pleiade::test {

class PostgresServer {
  public:
    static bool available();

    // Makes the folder and starts; throws when it does not come up. Settings besides: {"fsync=off"}.
    explicit PostgresServer(std::vector<std::string> settings = {});
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    void start();
    // As a power cut would: SIGKILL to every process of it.
    void kill();
    // Ends every session at once, keeping what was committed ("fast shutdown").
    void stop();

    std::string url(const std::string& database) const;
    std::string socket() const;  // the file that it listens on
    // A new database; a copy of `of` when it is named.
    std::string create_database(const std::string& of = "");
    void drop_database(const std::string& name);
    // The first column of the first row; throws std::runtime_error with the server's message.
    std::string ask(const std::string& database, const std::string& sql) const;

  private:
    void as_other_user(const std::vector<std::string>& command, const std::string& log, bool wait);

    std::vector<std::string> settings_;
    std::filesystem::path folder_;
    pid_t server_ = -1;
    int databases_ = 0;
};

// One for all the tests of a process, started by the first that asks.
PostgresServer& shared_postgres();

}  // namespace pleiade::test
