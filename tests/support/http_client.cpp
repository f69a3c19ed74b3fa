#include "tests/support/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <sstream>
#include <thread>

#include "common/base/check.h"

namespace pleiade::test {

namespace {

Answer parse(const std::string& text) {
    Answer answer;
    const auto end = text.find("\r\n\r\n");
    if (end == std::string::npos) return answer;
    std::istringstream head(text.substr(0, end));
    std::string line;
    std::getline(head, line);
    answer.status = line.size() > 12 ? std::stoi(line.substr(9, 3)) : 0;
    while (std::getline(head, line)) {
        const auto colon = line.find(':');
        if (colon == std::string::npos) continue;
        std::string name = line.substr(0, colon);
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        std::string value = line.substr(colon + 2);
        if (value.ends_with('\r')) value.pop_back();
        answer.headers[name] = value;
    }
    answer.body = text.substr(end + 4);
    return answer;
}

}  // namespace

std::string HttpClient::raw(const std::string& bytes, const std::string& until, int wait_ms) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    PLEIADE_CHECK(fd >= 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string received;
    if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
        std::size_t sent = 0;
        while (sent < bytes.size()) {
            const auto n = ::send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
            if (n <= 0) break;
            sent += static_cast<std::size_t>(n);
        }
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(wait_ms);
        while (until.empty() || received.find(until) == std::string::npos) {
            const auto left =
                std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
            pollfd wait{fd, POLLIN, 0};
            if (left.count() <= 0 || ::poll(&wait, 1, static_cast<int>(left.count())) <= 0) break;
            char buffer[16384];
            const auto n = ::recv(fd, buffer, sizeof buffer, 0);
            if (n <= 0) break;
            received.append(buffer, static_cast<std::size_t>(n));
        }
    }
    ::close(fd);
    return received;
}

std::optional<std::string> HttpClient::read_late(const std::string& bytes, std::chrono::milliseconds wait) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    PLEIADE_CHECK(fd >= 0);
    const int small = 4096;
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    PLEIADE_CHECK(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    std::this_thread::sleep_for(wait);
    std::string received;
    bool ended = false;
    for (pollfd state{fd, POLLIN, 0}; !ended && ::poll(&state, 1, 3'000) > 0;) {
        char buffer[65536];
        const auto n = ::recv(fd, buffer, sizeof buffer, 0);
        if (n > 0) received.append(buffer, static_cast<std::size_t>(n));
        ended = n <= 0;
    }
    ::close(fd);
    return ended ? std::optional(std::move(received)) : std::nullopt;
}

Answer HttpClient::send(const std::string& method, const std::string& target, const std::string& body,
                        const Headers& headers) {
    std::string text = method + " " + target + " HTTP/1.1\r\nConnection: close\r\n";
    bool host = false;
    bool signed_in = false;
    for (const auto& [name, value] : headers) {
        text += name + ": " + value + "\r\n";
        host = host || name == "Host";
        signed_in = signed_in || name == "Cookie" || name == "Authorization";
    }
    if (!signed_in) {
        for (const auto& [name, value] : credentials(target, body)) text += name + ": " + value + "\r\n";
    }
    if (!host) text += "Host: 127.0.0.1:" + std::to_string(port()) + "\r\n";
    if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return parse(raw(text + "\r\n" + body));
}

Headers HttpClient::credentials(const std::string&, const std::string&) {
    return {};
}

Answer HttpClient::get(const std::string& target, const Headers& headers) {
    return send("GET", target, "", headers);
}

Answer HttpClient::post(const std::string& target, const std::string& json, const std::string& key, Headers headers) {
    headers.emplace_back("Content-Type", "application/json");
    if (!key.empty()) headers.emplace_back("Idempotency-Key", key);
    return send("POST", target, json, headers);
}

}  // namespace pleiade::test
