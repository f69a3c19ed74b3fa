// The bus cut and delayed by a proxy, its messages lost and repeated at its ends; and the wall clock stepped.
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "tests/faults/bench.h"
#include "tests/faults/checker.h"
#include "tests/faults/office.h"
#include "tests/faults/scratch.h"

namespace pleiade::faults {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

int socket_at(const std::string& path, bool listens) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const auto* where = reinterpret_cast<const sockaddr*>(&address);
    const bool good = listens ? ::bind(fd, where, sizeof address) == 0 && ::listen(fd, 64) == 0
                              : ::connect(fd, where, sizeof address) == 0;
    if (good) return fd;
    ::close(fd);
    return -1;
}

// Between the workers and the hub, byte for byte. `hold`: nothing passes, nobody is told, as behind a switch that died.
// `cut`: the connections are closed, and refused until it is over.
class Proxy {
  public:
    Proxy(const std::string& front, std::string back) : back_(std::move(back)), listener_(socket_at(front, true)) {
        thread_ = std::thread([this] { run(); });
    }
    ~Proxy() {
        stop_ = true;
        thread_.join();
        close_all();
        ::close(listener_);
    }
    Proxy(const Proxy&) = delete;
    Proxy& operator=(const Proxy&) = delete;
    void hold(bool on) { held_ = on; }
    void cut(bool on) { cut_ = on; }
    long connections() const { return accepted_; }

  private:
    struct Pair {
        int front;
        int back;
    };

    void close_all() {
        for (const Pair& pair : pairs_) {
            ::close(pair.front);
            ::close(pair.back);
        }
        pairs_.clear();
    }

    // False when one side has ended.
    static bool pass(int from, int to) {
        char bytes[65536];
        const auto got = ::recv(from, bytes, sizeof bytes, MSG_DONTWAIT);
        if (got < 0) return errno == EAGAIN || errno == EINTR;
        if (got == 0) return false;
        for (ssize_t sent = 0; sent < got;) {
            const auto n = ::send(to, bytes + sent, static_cast<std::size_t>(got - sent), MSG_NOSIGNAL);
            if (n <= 0) return false;
            sent += n;
        }
        return true;
    }

    void accept_one() {
        const int front = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (front < 0) return;
        const int back = cut_ ? -1 : socket_at(back_, false);
        if (back < 0) {
            ::close(front);
            return;
        }
        ++accepted_;
        pairs_.push_back({front, back});
    }

    void run() {
        while (!stop_) {
            if (cut_) close_all();
            std::vector<pollfd> waiting{{listener_, POLLIN, 0}};
            for (const Pair& pair : pairs_) {
                waiting.push_back({pair.front, POLLIN, 0});
                waiting.push_back({pair.back, POLLIN, 0});
            }
            if (held_) waiting.resize(1);
            ::poll(waiting.data(), waiting.size(), 20);
            if (!held_) {
                std::vector<Pair> alive;
                for (const Pair& pair : pairs_) {
                    if (pass(pair.front, pair.back) && pass(pair.back, pair.front)) {
                        alive.push_back(pair);
                    } else {
                        ::close(pair.front);
                        ::close(pair.back);
                    }
                }
                pairs_ = std::move(alive);
            }
            if ((waiting[0].revents & POLLIN) != 0) accept_one();
        }
    }

    const std::string back_;
    const int listener_;
    std::atomic<bool> stop_{false};
    std::atomic<bool> held_{false};
    std::atomic<bool> cut_{false};
    std::atomic<long> accepted_{0};
    std::vector<Pair> pairs_;
    std::thread thread_;
};

void keep_alive(Chain& chain, milliseconds length) {
    const auto until = Chain::Clock::now() + length;
    while (Chain::Clock::now() < until) {
        chain.tick();
        std::this_thread::sleep_for(milliseconds(10));
    }
}

// Seconds until something more was read: that went through the proxy, both ways.
double seconds_until_work(Chain& chain, seconds patience) {
    const auto read = [&] { return count_in(chain.home(), "SELECT count(*) FROM audit WHERE kind = 'pli.read'"); };
    const auto before = read();
    const auto began = Chain::Clock::now();
    while (read() <= before && Chain::Clock::now() - began < patience) keep_alive(chain, milliseconds(50));
    return std::chrono::duration<double>(Chain::Clock::now() - began).count();
}

}  // namespace

bool bus(const Options& options) {
    const std::int64_t cuts = options.count > 0 ? options.count : 20;
    const Scratch scratch(options.folder);
    const std::string home = scratch.path() + "/home";
    std::filesystem::create_directories(home + "/run");
    Proxy proxy(home + "/run/proxy", home + "/run/work");
    // Each process loses its 7th, 17th... message; a few are said twice.
    std::string points;
    for (int k = 7; k < 2'000; k += 10) points += fmt::format("bus.request:drop@{0},bus.answer:drop@{0},", k);
    for (int k = 3; k < 2'000; k += 17) points += fmt::format("bus.request:duplicate@{0},bus.answer:duplicate@{0},", k);
    Chain chain({.bin = options.bin,
                 .home = home,
                 .readers = 2,
                 .lease_ms = 1'500,
                 .work_ms = 5,
                 .environment = {{"PLEIADE_FAILPOINTS", points}},
                 .work_endpoint = "ipc://" + home + "/run/proxy"});
    chain.start_all();
    std::mt19937_64 random(options.seed);
    Office office(chain, options.seed, milliseconds(400), 4);
    keep_alive(chain, milliseconds(2'000));
    double slowest = 0;
    for (std::int64_t i = 0; i < cuts; ++i) {
        const bool silent = i % 2 == 0;
        silent ? proxy.hold(true) : proxy.cut(true);
        keep_alive(chain, milliseconds(1'000 + random() % 5'000));
        proxy.hold(false);
        proxy.cut(false);
        slowest = std::max(slowest, seconds_until_work(chain, seconds(30)));
        keep_alive(chain, milliseconds(1'000));
    }
    const bool over = wait_until_over(chain, office, seconds(240));
    office.finish();
    const bool graceful = chain.stop();
    fmt::print("      {} connections through the proxy, {} deliveries closed\n", proxy.connections(), office.closed());
    bool good = figure("cuts of 1 to 6 s, half of them silent", std::to_string(cuts), std::to_string(cuts), true);
    good &= figure("slowest return to work after one, s", fmt::format("{:.1f}", slowest), "10", slowest <= 10);
    good &= figure("all over", over ? "yes" : "no", "yes", over);
    good &= judge(chain.home(), office.history(), over);
    good &= figure("graceful stop", graceful ? "within 10 s" : "no", "within 10 s", graceful);
    return good;
}

bool clocks(const Options& options) {
    const Scratch scratch(options.folder);
    const std::string step = scratch.path() + "/step";
    Chain chain({.bin = options.bin,
                 .home = scratch.path() + "/home",
                 .readers = 2,
                 .lease_ms = 1'500,
                 .work_ms = 5,
                 .environment = {{"PLEIADE_CLOCK_FILE", step}}});
    chain.start_all();
    Office office(chain, options.seed, milliseconds(300), 3);
    keep_alive(chain, milliseconds(1'500));
    constexpr long long kHourMs = 3'600'000;
    double slowest = 0;
    int steps = 0;
    for (const long long by : {kHourMs, 0ll, -kHourMs, -24 * kHourMs, 1'000ll, 24 * kHourMs, -1'000ll, 0ll}) {
        std::ofstream(step + ".new") << by;
        std::filesystem::rename(step + ".new", step);
        ++steps;
        slowest = std::max(slowest, seconds_until_work(chain, seconds(30)));
        keep_alive(chain, milliseconds(1'000));
    }
    const auto expired = count_in(chain.home(), "SELECT count(*) FROM audit WHERE code = 'LEASE_EXPIRED'");
    const bool over = wait_until_over(chain, office, seconds(120));
    office.finish();
    chain.stop();
    bool good =
        figure("steps of the wall clock: an hour, a day, a second, both ways", std::to_string(steps), "8", steps == 8);
    good &= figure("slowest pause in the work after one, s", fmt::format("{:.1f}", slowest), "5", slowest <= 5);
    good &= figure("leases that a step ended", std::to_string(expired), "0", expired == 0);
    good &= figure("all over", over ? "yes" : "no", "yes", over);
    good &= judge(chain.home(), office.history(), over);
    return good;
}

}  // namespace pleiade::faults
