// A real S3 server of the tests' own: server.py in a process, on a port of loopback, as a user who is not root.
//
// Operation: what it holds outlives `kill` and `start`, on the same port. It ends with the test, however that ends.
// Concurrency: one thread starts and stops it. Limits: Debian's python3-swift; `available` tells.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "common/vault/s3/s3_options.h"

namespace pleiade::test {

class S3Server {
  public:
    static bool available();
    static constexpr const char* kBucket = "pleiade";
    static constexpr const char* kAccessKey = "test:scan";
    static constexpr const char* kSecretKey = "a-secret-of-tests-only";

    S3Server();
    ~S3Server();
    S3Server(const S3Server&) = delete;
    S3Server& operator=(const S3Server&) = delete;

    void start();
    void kill();  // SIGKILL
    std::uint16_t port() const { return port_; }
    // Quick to give up, small parts, files under `prefix` of their own.
    vault::S3Options options(const std::string& prefix) const;
    // Flips a bit of each stored file with these bytes' digest, behind the server's back. How many there were.
    int flip_a_bit(const std::string& sha256) const;

  private:
    std::filesystem::path folder_;
    std::uint16_t port_ = 0;
    pid_t server_ = -1;
    int life_ = -1;  // its standard input: closed, it ends
};

// One for all the tests of a process, started by the first that asks.
S3Server& shared_s3();

}  // namespace pleiade::test
