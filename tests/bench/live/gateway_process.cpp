#include "tests/bench/live/gateway_process.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <stdexcept>

#include "services/gateway/gateway.h"
#include "tests/bench/live/live_desk.h"

namespace pleiade::bench {

namespace {

class NoImages final : public gateway::PageImages {
    Result<gateway::EncodedPage> encode(const gateway::PageImageRequest&) override {
        return invalid("NOT_IN_THIS_BENCH", "");
    }
};

class NoBinder final : public gateway::Binder {
    Result<std::string> bind(const PliId&, const std::vector<gateway::BoundPage>&, const std::string&) override {
        return invalid("NOT_IN_THIS_BENCH", "");
    }
};

int serve(int queues, int events_per_second, int report, int hold) {
    LiveDesk desk(queues, events_per_second);
    NoImages images;
    NoBinder binder;
    const gateway::Reference reference;
    const auto started = gateway::Gateway::start({}, desk, images, binder, reference);
    const std::uint16_t port = started ? (*started)->port() : 0;
    if (::write(report, &port, sizeof port) != sizeof port || port == 0) return 1;
    char nothing = 0;
    while (::read(hold, &nothing, 1) > 0) {
    }
    return 0;
}

}  // namespace

GatewayProcess::GatewayProcess(int queues, int events_per_second) {
    std::array<int, 2> report{};
    std::array<int, 2> hold{};
    if (::pipe(report.data()) != 0 || ::pipe(hold.data()) != 0) throw std::runtime_error("no pipe");
    child_ = ::fork();
    if (child_ < 0) throw std::runtime_error("no process");
    if (child_ == 0) {
        ::close(report[0]);
        ::close(hold[1]);
        int code = 1;
        try {
            code = serve(queues, events_per_second, report[1], hold[0]);
        } catch (const std::exception&) {
        }
        ::_exit(code);
    }
    ::close(report[1]);
    ::close(hold[0]);
    hold_ = hold[1];
    const auto got = ::read(report[0], &port_, sizeof port_);
    ::close(report[0]);
    if (got != sizeof port_ || port_ == 0) throw std::runtime_error("the gateway does not start");
}

GatewayProcess::~GatewayProcess() {
    ::close(hold_);
    ::waitpid(child_, nullptr, 0);
}

Memory GatewayProcess::memory() const {
    Memory memory;
    std::ifstream status(fmt::format("/proc/{}/status", child_));
    for (std::string name; status >> name;) {
        std::int64_t kib = 0;
        if (name == "VmRSS:" && status >> kib) memory.now_bytes = kib * 1024;
        if (name == "VmHWM:" && status >> kib) memory.most_bytes = kib * 1024;
    }
    return memory;
}

void allow_open_files() {
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
}

}  // namespace pleiade::bench
