#include "common/base/failpoint.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "common/base/csv.h"

namespace pleiade::failpoint {
namespace {

struct Point {
    std::string name;
    std::string action;
    long at = 1;
    bool forever = false;
    long passages = 0;
};

// A typing error must not make a fault test pass: what is not understood stops the process.
[[noreturn]] void refuse(const std::string& text) {
    std::fprintf(stderr, "PLEIADE_FAILPOINTS: \"%s\" is not name:crash|eio|enospc|delay[@k[+]]\n", text.c_str());
    std::abort();
}

std::vector<Point> parse(const char* text) {
    std::vector<Point> points;
    if (text == nullptr) return points;
    for (const std::string& item : split(text, ',')) {
        if (item.empty()) continue;
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
        if (rest != "crash" && rest != "eio" && rest != "enospc" && rest != "delay") refuse(item);
        points.push_back(std::move(point));
    }
    return points;
}

struct Points {
    std::mutex mutex;
    std::vector<Point> all = parse(std::getenv("PLEIADE_FAILPOINTS"));
};

Points& points() {
    static Points instance;
    return instance;
}

}  // namespace

const bool kArmed = std::getenv("PLEIADE_FAILPOINTS") != nullptr;

int pass(const char* name) {
    Points& known = points();
    std::string action;
    {
        const std::lock_guard lock(known.mutex);
        for (Point& point : known.all) {
            if (point.name != name) continue;
            ++point.passages;
            if (point.passages == point.at || (point.forever && point.passages > point.at)) action = point.action;
        }
    }
    if (action == "crash") std::raise(SIGKILL);
    if (action == "eio") return EIO;
    if (action == "enospc") return ENOSPC;
    if (action == "delay") std::this_thread::sleep_for(std::chrono::milliseconds(200));
    return 0;
}

}  // namespace pleiade::failpoint
