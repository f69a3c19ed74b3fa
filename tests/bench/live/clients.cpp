#include "tests/bench/live/clients.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <string_view>

#include "tests/bench/live/live_desk.h"

namespace pleiade::bench {

namespace {

constexpr std::string_view kRequest =
    "GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
    "Cookie: pleiade=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n\r\n";

std::int64_t number_after(std::string_view block, std::string_view mark) {
    const auto at = block.find(mark);
    std::int64_t value = 0;
    if (at != std::string_view::npos) {
        std::from_chars(block.data() + at + mark.size(), block.data() + block.size(), value);
    }
    return value;
}

}  // namespace

Clients::Clients(std::uint16_t port, int count) : clients_(static_cast<std::size_t>(count)) {
    epoll_ = ::epoll_create1(0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (std::size_t i = 0; i < clients_.size(); ++i) {
        const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
        if (socket < 0 || ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
            ::send(socket, kRequest.data(), kRequest.size(), MSG_NOSIGNAL) < 0) {
            throw std::runtime_error("a client cannot connect: too many open files?");
        }
        ::fcntl(socket, F_SETFL, O_NONBLOCK);
        epoll_event wanted{};
        wanted.events = EPOLLIN;
        wanted.data.u64 = i;
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &wanted);
        clients_[i].socket = socket;
    }
}

Clients::~Clients() {
    for (const auto& client : clients_) {
        if (client.socket >= 0) ::close(client.socket);
    }
    ::close(epoll_);
}

Followed Clients::follow(std::chrono::milliseconds settling, std::chrono::milliseconds measured) {
    Followed out;
    const auto begin = std::chrono::steady_clock::now();
    const auto end = begin + settling + measured;
    std::array<epoll_event, 256> ready{};
    for (auto now = begin; now < end; now = std::chrono::steady_clock::now()) {
        const int count = ::epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), 20);
        for (int i = 0; i < count; ++i) {
            take(clients_[ready[static_cast<std::size_t>(i)].data.u64], out, now - begin >= settling);
        }
    }
    for (const auto& client : clients_) {
        if (client.socket < 0) ++out.lost;
        if (client.seen > 0) out.missed += static_cast<int>(client.last - client.first + 1) - client.seen;
    }
    return out;
}

void Clients::take(Client& client, Followed& out, bool counts) {
    std::array<char, 64 << 10> bytes;
    for (;;) {
        const auto got = ::recv(client.socket, bytes.data(), bytes.size(), 0);
        if (got <= 0) {
            if (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) {
                ::close(client.socket);
                client.socket = -1;
            }
            break;
        }
        out.bytes += got;
        client.rest.insert(client.rest.end(), bytes.begin(), bytes.begin() + got);
        if (got < static_cast<ssize_t>(bytes.size())) break;
    }
    const auto arrived = now_ns();
    std::string_view text(client.rest.data(), client.rest.size());
    for (auto end = text.find("\n\n"); end != std::string_view::npos; end = text.find("\n\n")) {
        const auto block = text.substr(0, end);
        text.remove_prefix(end + 2);
        const auto made = number_after(block, "\"code\":\"AT");
        if (!counts || made == 0) continue;
        const auto seq = number_after(block, "id: ");
        if (client.seen == 0) client.first = seq;
        client.last = seq;
        ++client.seen;
        out.milliseconds.push_back(static_cast<double>(arrived - made) / 1e6);
    }
    client.rest.assign(text.begin(), text.end());
}

}  // namespace pleiade::bench
