#include "tests/faults/network.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace pleiade::faults {
namespace {

constexpr int kSwitchNumber = 1;

vault::Fd space_of_this_thread() {
    return vault::Fd(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
}

// Lives as long as its descriptor, or a process in it.
vault::Fd new_space() {
    vault::Fd space;
    int error = 0;
    std::thread([&] {
        if (::unshare(CLONE_NEWNET) != 0) error = errno;
        if (error == 0) space = space_of_this_thread();
    }).join();
    if (!space) throw std::runtime_error(fmt::format("no network namespace: {}", std::strerror(error)));
    return space;
}

void go_to(int space) {
    if (::setns(space, CLONE_NEWNET) != 0) throw std::runtime_error("cannot enter a network namespace");
}

struct Connection {
    std::string local, remote;  // addresses
    int local_port, remote_port;
};

// An address of four bytes may stand at the end of one of sixteen: [::ffff:10.77.0.2]:7101.
std::string address_in(const std::string& end) {
    const auto colon = end.rfind(':');
    const auto address = end.substr(0, colon);
    const auto from = address.find_last_of(":[");
    return address.substr(from == std::string::npos ? 0 : from + 1, address.find(']') - (from + 1));
}
int port_in(const std::string& end) {
    return std::stoi(end.substr(end.rfind(':') + 1));
}

// By ss, which asks for those that stand: /proc/net/tcp walks the tables of the whole machine, 40 ms each.
std::vector<Connection> connections_here() {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen("ss -Htn state established", "re"), ::pclose);
    if (!pipe) throw std::runtime_error("ss cannot be run");
    std::vector<Connection> all;
    char line[512];
    while (std::fgets(line, sizeof line, pipe.get()) != nullptr) {
        std::istringstream words(line);
        std::string received, sent, local, remote;
        if (!(words >> received >> sent >> local >> remote)) continue;
        all.push_back({address_in(local), address_in(remote), port_in(local), port_in(remote)});
    }
    return all;
}

}  // namespace

std::string name_of(Cut cut) {
    switch (cut) {
        case Cut::Cable:
            return "cable unplugged";
        case Cut::Silence:
            return "nothing passes";
        case Cut::Out:
            return "nothing from it passes";
        case Cut::In:
            return "nothing to it passes";
    }
    return "";
}

std::string Network::why_not() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return "no pipe";
    const vault::Fd reading(ends[0]);
    vault::Fd writing(ends[1]);
    const pid_t child = ::fork();
    if (child == 0) {
        std::string reason;
        try {
            Network network;
            network.add_host("host");
            for (const auto how : {Cut::Cable, Cut::Silence}) {
                network.cut("host", how);
                network.heal("host");
            }
        } catch (const std::exception& error) {
            reason = error.what();
        }
        [[maybe_unused]] const auto said = ::write(writing.get(), reason.data(), reason.size());
        ::_exit(0);
    }
    writing = vault::Fd();
    char reason[512];
    const auto got = ::read(reading.get(), reason, sizeof reason);
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
    return got > 0 ? std::string(reason, static_cast<std::size_t>(got)) : "";
}

Network::Network() : switch_(new_space()) {
    leave();
    run("ip link set lo up");
    run("ip link add hub type bridge");
    run(fmt::format("ip addr add 10.77.0.{}/24 dev hub", kSwitchNumber));
    run("ip link set hub up");
}

void Network::run(const std::string& command, int space) {
    std::istringstream stream(command);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(word);
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        const int nothing = ::open("/dev/null", O_WRONLY);
        ::dup2(nothing, STDERR_FILENO);
        if (space >= 0 && ::setns(space, CLONE_NEWNET) != 0) ::_exit(126);
        ::execvp(argv[0], argv.data());
        ::_exit(127);
    }
    int status = -1;
    while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (status != 0) throw std::runtime_error("refused here: " + command);
}

void Network::add_host(const std::string& name) {
    if (hosts_.contains(name)) return;
    Host host{kSwitchNumber + 1 + static_cast<int>(hosts_.size()), new_space()};
    const auto port = port_of(host);
    run(fmt::format("ip link add {} type veth peer name eth0 netns /proc/{}/fd/{}", port, ::getpid(),
                    host.space.get()));
    run(fmt::format("ip link set {} master hub up", port));
    run("ip link set lo up", host.space.get());
    run(fmt::format("ip addr add 10.77.0.{}/24 dev eth0", host.number), host.space.get());
    run("ip link set eth0 up", host.space.get());
    hosts_.emplace(name, std::move(host));
}

void Network::enter(const std::string& name) const {
    go_to(hosts_.at(name).space.get());
}
void Network::leave() const {
    go_to(switch_.get());
}

void Network::cut(const std::string& name, Cut how) {
    const Host& host = hosts_.at(name);
    if (how == Cut::Cable) return run(fmt::format("ip link set {} down", port_of(host)));
    if (how != Cut::In) run("tc qdisc replace dev eth0 root blackhole", host.space.get());
    if (how != Cut::Out) run(fmt::format("tc qdisc replace dev {} root blackhole", port_of(host)));
}

void Network::heal(const std::string& name) {
    const Host& host = hosts_.at(name);
    run("tc qdisc replace dev eth0 root pfifo limit 1000", host.space.get());
    run(fmt::format("tc qdisc replace dev {} root pfifo limit 1000", port_of(host)));
    run(fmt::format("ip link set {} up", port_of(host)));
}

int Network::connections_across(const std::string& name, const std::vector<int>& ports) const {
    const auto it = address(name);
    int count = 0;
    const auto look = [&](bool from_inside) {
        for (const auto& connection : connections_here()) {
            const bool across = from_inside ? connection.remote != connection.local : connection.remote == it;
            count += across && std::ranges::any_of(ports, [&](int port) {
                         return port == connection.local_port || port == connection.remote_port;
                     });
        }
    };
    for (const auto& [other, host] : hosts_) {
        go_to(host.space.get());
        look(other == name);
    }
    leave();
    look(false);
    return count;
}

}  // namespace pleiade::faults
