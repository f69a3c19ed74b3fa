#include "common/bus/sockets.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <random>
#include <stdexcept>

#include "common/bus/limits.h"

namespace pleiade::bus {
namespace {

// Heartbeats find a cut link first; this is for a peer that was let in and fell silent before it had any.
constexpr int kKeepaliveIdleSeconds = 30;
constexpr int kKeepaliveEverySeconds = 5;
constexpr int kKeepaliveCount = 3;

constexpr std::size_t kIpcPathBytesMax = 100;  // sun_path holds 108, libzmq wants some of it

void prepare_folder(const std::filesystem::path& folder) {
    const mode_t before = ::umask(0077);
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    ::umask(before);
    struct stat status {};
    if (failed || ::stat(folder.c_str(), &status) != 0) {
        throw std::runtime_error("cannot create the folder of the sockets, " + folder.string());
    }
    if ((status.st_mode & 0077) == 0) return;
    // Whoever can enter it can speak to the hub.
    if (status.st_uid != ::geteuid() || (status.st_mode & S_ISVTX) != 0 || ::chmod(folder.c_str(), 0700) != 0) {
        throw std::runtime_error("the folder of the sockets, " + folder.string() +
                                 ", is open to others: give it the mode 0700");
    }
}

std::string through_descriptor(const std::filesystem::path& folder, const std::string& name) {
    static std::mutex mutex;
    static std::map<std::string, int> open_folders;
    const std::lock_guard lock(mutex);
    auto found = open_folders.find(folder.string());
    if (found == open_folders.end()) {
        const int fd = ::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0) throw std::runtime_error("cannot open the folder of the sockets, " + folder.string());
        found = open_folders.emplace(folder.string(), fd).first;
    }
    return "ipc:///proc/self/fd/" + std::to_string(found->second) + "/" + name;
}

}  // namespace

zmq::context_t& context() {
    static zmq::context_t* const instance = new zmq::context_t(1);
    return *instance;
}

void apply_common_options(zmq::socket_t& socket) {
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::heartbeat_ivl, static_cast<int>(kHeartbeatEvery.count()));
    socket.set(zmq::sockopt::heartbeat_timeout, static_cast<int>(kHeartbeatTimeout.count()));
    socket.set(zmq::sockopt::heartbeat_ttl, static_cast<int>(kHeartbeatTtl.count()));
    socket.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(kMessageBytesMax));
    socket.set(zmq::sockopt::sndhwm, 256);
    socket.set(zmq::sockopt::rcvhwm, 256);
    socket.set(zmq::sockopt::handshake_ivl, static_cast<int>(kHandshakeTime.count()));
    socket.set(zmq::sockopt::reconnect_ivl, 100);
    socket.set(zmq::sockopt::reconnect_ivl_max, 1'000);
    socket.set(zmq::sockopt::backlog, 512);
    // For tcp://
    socket.set(zmq::sockopt::ipv6, true);
    socket.set(zmq::sockopt::tcp_keepalive, 1);
    socket.set(zmq::sockopt::tcp_keepalive_idle, kKeepaliveIdleSeconds);
    socket.set(zmq::sockopt::tcp_keepalive_intvl, kKeepaliveEverySeconds);
    socket.set(zmq::sockopt::tcp_keepalive_cnt, kKeepaliveCount);
}

std::string usable_endpoint(const std::string& endpoint, bool create) {
    constexpr std::string_view kIpc = "ipc://";
    if (endpoint.rfind(kIpc, 0) != 0) return endpoint;
    const auto path = std::filesystem::absolute(endpoint.substr(kIpc.size()));
    if (create) prepare_folder(path.parent_path());
    if (path.string().size() <= kIpcPathBytesMax) return "ipc://" + path.string();
    return through_descriptor(path.parent_path(), path.filename().string());
}

std::string new_request_id() {
    thread_local std::mt19937_64 random{std::random_device{}() ^ (std::uint64_t{std::random_device{}()} << 32)};
    const auto now =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
    const std::uint64_t high = (static_cast<std::uint64_t>(now.count()) << 16) | 0x7000u | (random() & 0x0fffu);
    const std::uint64_t low = (random() & 0x3fff'ffff'ffff'ffffull) | 0x8000'0000'0000'0000ull;
    std::string id(16, '\0');
    for (std::size_t i = 0; i < 8; ++i) {
        id[i] = static_cast<char>(high >> (56 - 8 * i));
        id[8 + i] = static_cast<char>(low >> (56 - 8 * i));
    }
    return id;
}

std::string unguessable_name() {
    std::random_device random;  // the system's own source, each time
    std::string name;
    for (int i = 0; i < 4; ++i) name += fmt::format("{:08x}", random());
    return name;
}

zmq::socket_t watch(zmq::socket_t& socket, int events) {
    // Never used twice: the name of a monitor that has just ended is free a little later only.
    static std::atomic<std::uint64_t> watched{0};
    const std::string name = "inproc://watched-" + std::to_string(++watched);
    zmq::socket_t monitor(context(), zmq::socket_type::pair);
    if (zmq_socket_monitor(socket.handle(), name.c_str(), events) != 0) throw zmq::error_t();
    monitor.set(zmq::sockopt::linger, 0);
    monitor.set(zmq::sockopt::rcvhwm, 0);  // a socket that nobody looks after must not stop ZeroMQ's own thread
    monitor.connect(name);
    return monitor;
}

std::optional<SocketEvent> next_event(zmq::socket_t& monitor) {
    try {
        zmq::message_t event;
        if (!monitor.recv(event, zmq::recv_flags::dontwait)) return std::nullopt;
        SocketEvent told;
        if (event.size() >= sizeof told.kind + sizeof told.value) {
            std::memcpy(&told.kind, event.data(), sizeof told.kind);
            std::memcpy(&told.value, event.data<char>() + sizeof told.kind, sizeof told.value);
        }
        zmq::message_t endpoint;
        if (event.more() && monitor.recv(endpoint, zmq::recv_flags::dontwait)) told.endpoint = endpoint.to_string();
        return told;
    } catch (const zmq::error_t& error) {
        if (error.num() == EINTR) return std::nullopt;
        throw;
    }
}

Polled poll(zmq::pollitem_t* items, std::size_t count, std::chrono::milliseconds timeout) {
    try {
        return zmq::poll(items, count, timeout) > 0 ? Polled::Ready : Polled::Nothing;
    } catch (const zmq::error_t& error) {
        if (error.num() == EINTR) return Polled::Nothing;
        throw;
    }
}

}  // namespace pleiade::bus
