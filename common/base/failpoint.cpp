#include "common/base/failpoint.h"

#ifdef PLEIADE_FAULTS

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "common/base/csv.h"

namespace pleiade::failpoint {
namespace {

constexpr const char* kActions[] = {"crash", "eio", "enospc", "drop", "duplicate", "delay"};

struct Point {
    std::string name;
    std::string action;
    long at = 1;
    bool forever = false;
    long passages = 0;
};

// A typing error must not make a fault test pass: what is not understood stops the process.
[[noreturn]] void refuse(const std::string& text) {
    std::fprintf(stderr, "PLEIADE_FAILPOINTS: \"%s\" is not name:crash|eio|enospc|drop|duplicate|delay[@k[+]]\n",
                 text.c_str());
    std::abort();
}

Point parse_one(const std::string& item) {
    Point point;
    const auto colon = item.find(':');
    if (colon == std::string::npos) refuse(item);
    point.name = item.substr(0, colon);
    std::string rest = item.substr(colon + 1);
    if (const auto at = rest.find('@'); at != std::string::npos) {
        std::string count = rest.substr(at + 1);
        rest.resize(at);
        if (!count.empty() && count.back() == '+') {
            point.forever = true;
            count.pop_back();
        }
        if (count.empty() || count.find_first_not_of("0123456789") != std::string::npos) refuse(item);
        point.at = std::stol(count);
    }
    point.action = rest;
    if (std::find(std::begin(kActions), std::end(kActions), rest) == std::end(kActions)) refuse(item);
    return point;
}

std::vector<Point> parse(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ',');
    std::vector<Point> points;
    for (const std::string& item : split(text, ',')) {
        if (!item.empty()) points.push_back(parse_one(item));
    }
    return points;
}

std::string environment(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
}

std::string points_of_environment() {
    std::string text = environment("PLEIADE_FAILPOINTS");
    if (const auto path = environment("PLEIADE_FAILPOINTS_FILE"); !path.empty()) {
        std::ifstream stream(path);
        text += "," + std::string(std::istreambuf_iterator<char>(stream), {});
    }
    return text;
}

struct Faults {
    std::mutex mutex;
    std::vector<Point> points = parse(points_of_environment());
    std::vector<std::string> bugs = split(environment("PLEIADE_PLANTED_BUGS"), ',');
    std::function<int(const char*)> handler;
    const std::string log = environment("PLEIADE_FAILPOINTS_LOG");
    std::atomic<bool> armed{!points.empty()};
};

Faults& faults() {
    static Faults instance;
    return instance;
}

// One write, so that two processes do not mix their lines and a crash right after leaves a whole one.
void note(const std::string& log, const Point& point) {
    if (log.empty()) return;
    const std::string line = point.name + ":" + point.action + "@" + std::to_string(point.passages) + " " +
                             std::to_string(::getpid()) + "\n";
    const int fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0) return;
    [[maybe_unused]] const auto written = ::write(fd, line.data(), line.size());
    ::close(fd);
}

int act(const std::string& action) {
    if (action == "crash") std::raise(SIGKILL);
    if (action == "eio") return EIO;
    if (action == "enospc") return ENOSPC;
    if (action == "drop") return kDrop;
    if (action == "duplicate") return kDuplicate;
    if (action == "delay") std::this_thread::sleep_for(std::chrono::milliseconds(200));
    return 0;
}

}  // namespace

int pass(const char* name) {
    Faults& known = faults();
    if (!known.armed.load(std::memory_order_relaxed)) return 0;
    std::string action;
    {
        const std::lock_guard lock(known.mutex);
        for (Point& point : known.points) {
            if (point.name != name) continue;
            ++point.passages;
            if (point.passages != point.at && !(point.forever && point.passages > point.at)) continue;
            action = point.action;
            note(known.log, point);
        }
    }
    if (known.handler) {
        if (const int said = known.handler(name); said != 0) return said;
    }
    return act(action);
}

bool planted(const char* bug) {
    const auto& bugs = faults().bugs;
    return !bugs.empty() && std::find(bugs.begin(), bugs.end(), bug) != bugs.end();
}

std::chrono::milliseconds clock_step() {
    static const std::string path = environment("PLEIADE_CLOCK_FILE");
    if (path.empty()) return std::chrono::milliseconds{0};
    long long by = 0;
    std::ifstream(path) >> by;
    return std::chrono::milliseconds{by};
}

void arm(const std::string& text) {
    Faults& known = faults();
    const std::lock_guard lock(known.mutex);
    known.points = parse(text);
    known.armed = !known.points.empty() || known.handler;
}

void plant(const std::string& bugs) {
    faults().bugs = split(bugs, ',');
}

void handle(std::function<int(const char*)> handler) {
    Faults& known = faults();
    known.handler = std::move(handler);
    known.armed = !known.points.empty() || known.handler;
}

}  // namespace pleiade::failpoint

#endif
