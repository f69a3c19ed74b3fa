// Connections over TCP by hand: those of strangers, and a wire that is listened to.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <utility>

namespace pleiade::test {

// The port of "tcp://127.0.0.1:7101".
inline std::uint16_t port_of(const std::string& endpoint) {
    return static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1)));
}

inline sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

// A greeting of ZMTP 3.0 that offers this mechanism, as a client.
inline std::string greeting_of(const std::string& mechanism) {
    std::string greeting("\xff\0\0\0\0\0\0\0\1\x7f\3\0", 12);
    greeting += mechanism;
    greeting.resize(32, '\0');
    greeting.resize(64, '\0');
    return greeting;
}

class RawTcp {
  public:
    explicit RawTcp(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const sockaddr_in to = loopback(port);
        connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    }
    explicit RawTcp(int accepted) : fd_(accepted), connected_(accepted >= 0) {}
    ~RawTcp() {
        if (fd_ >= 0) ::close(fd_);
    }
    RawTcp(RawTcp&& other) noexcept : fd_(std::exchange(other.fd_, -1)), connected_(other.connected_) {}
    RawTcp& operator=(RawTcp&&) = delete;

    bool connected() const { return connected_; }
    int fd() const { return fd_; }
    bool send(const std::string& bytes) const {
        return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
    }
    // What comes within that time; whether the other end has closed by its end.
    std::pair<std::string, bool> hear(std::chrono::milliseconds patience) const {
        std::string heard;
        pollfd readable{fd_, POLLIN, 0};
        while (::poll(&readable, 1, static_cast<int>(patience.count())) > 0) {
            char bytes[4096];
            const ssize_t got = ::recv(fd_, bytes, sizeof bytes, 0);
            if (got <= 0) return {heard, true};
            heard.append(bytes, static_cast<std::size_t>(got));
        }
        return {heard, false};
    }

  private:
    int fd_;
    bool connected_ = false;
};

}  // namespace pleiade::test
