#include "tests/support/s3/s3_server.h"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "common/base/check.h"
#include "common/base/sha256.h"

namespace pleiade::test {
namespace fs = std::filesystem;
namespace {

constexpr uid_t kNobody = 65534;
constexpr const char* kPython = "/usr/bin/python3";  // Debian's, which has the package

std::string script() {
    const char* source = std::getenv("PLEIADE_SOURCE");
    return std::string(source == nullptr ? "." : source) + "/tests/support/s3/server.py";
}

std::string whole(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

bool S3Server::available() {
    return fs::exists("/usr/lib/python3/dist-packages/swift/common/middleware/s3api");
}

S3Server::S3Server() {
    std::string pattern = (fs::temp_directory_path() / "pleiade-s3-XXXXXX").string();
    PLEIADE_CHECK(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    // Read by a user who may not enter the sources.
    fs::copy_file(script(), folder_ / "server.py");
    if (::geteuid() == 0) PLEIADE_CHECK(::chown(pattern.c_str(), kNobody, kNobody) == 0);
    start();
}

S3Server::~S3Server() {
    kill();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void S3Server::start() {
    int life[2];
    int said[2];
    PLEIADE_CHECK(::pipe2(life, O_CLOEXEC) == 0 && ::pipe2(said, O_CLOEXEC) == 0);
    const auto port = std::to_string(port_);
    const auto program = (folder_ / "server.py").string();
    const auto log = (folder_ / "server.log").string();
    const pid_t child = ::fork();
    PLEIADE_CHECK(child >= 0);
    if (child == 0) {
        if (::geteuid() == 0 && (::setgroups(0, nullptr) != 0 || ::setgid(kNobody) != 0 || ::setuid(kNobody) != 0))
            ::_exit(71);
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int fd = ::open(log.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0644);
        if (fd < 0 || ::dup2(life[0], 0) < 0 || ::dup2(said[1], 1) < 0 || ::dup2(fd, 2) < 0) ::_exit(71);
        ::execl(kPython, kPython, program.c_str(), folder_.c_str(), port.c_str(), kBucket, kAccessKey, kSecretKey,
                "1024", nullptr);
        ::_exit(71);
    }
    ::close(life[0]);
    ::close(said[1]);
    life_ = life[1];
    server_ = child;
    std::string line;
    for (char c = 0; ::read(said[0], &c, 1) == 1 && c != '\n';) line += c;
    ::close(said[0]);
    if (line.empty()) throw std::runtime_error("the S3 server does not start: " + whole(log));
    port_ = static_cast<std::uint16_t>(std::stoi(line));
}

void S3Server::kill() {
    if (server_ < 0) return;
    ::kill(server_, SIGKILL);
    ::waitpid(server_, nullptr, 0);
    ::close(life_);
    server_ = -1;
}

vault::S3Options S3Server::options(const std::string& prefix) const {
    vault::S3Options options;
    options.endpoint = "http://127.0.0.1:" + std::to_string(port_);
    options.bucket = kBucket;
    options.prefix = prefix + "/";
    options.access_key = kAccessKey;
    options.secret_key = kSecretKey;
    options.multipart_from_bytes = 600'000;
    options.part_bytes = 256 << 10;
    options.silence_max = std::chrono::seconds(20);  // of a busy machine
    options.first_pause = std::chrono::milliseconds(20);
    options.longest_pause = std::chrono::milliseconds(500);
    return options;
}

int S3Server::flip_a_bit(const std::string& sha256) const {
    int flipped = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "devices")) {
        if (!entry.is_regular_file() || entry.path().extension() != ".data") continue;
        if (sha256_hex(whole(entry.path())) != sha256) continue;
        std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
        const int byte = file.get();
        file.seekp(0);
        file.put(static_cast<char>(byte ^ 1));
        ++flipped;
    }
    return flipped;
}

S3Server& shared_s3() {
    static S3Server one;
    return one;
}

}  // namespace pleiade::test
