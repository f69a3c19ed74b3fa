#include "services/cli/up/supervisor.h"

#include <algorithm>
#include <csignal>
#include <thread>

#include "common/runtime/log.h"
#include "common/runtime/service.h"

namespace pleiade::cli {
namespace {

constexpr std::chrono::milliseconds kGrace{10'000};  // a graceful stop takes at most that long
constexpr int kQuickDeathsMax = 10;                  // of a reader, in a row

}  // namespace

Supervisor::Supervisor(const runtime::Settings& settings, std::string config_file)
    : settings_(settings), config_file_(std::move(config_file)) {}

Child Supervisor::make(const std::string& service, const std::string& instance, Restarts restarts) {
    std::vector<std::string> arguments{"--home", settings_.home, "--name", instance};
    if (!config_file_.empty()) arguments.insert(arguments.end(), {"--config", config_file_});
    return Child(instance, runtime::program_folder() + "/pleiade-" + service, std::move(arguments),
                 settings_.folder("logs") + "/" + instance + ".log", restarts);
}

void Supervisor::start(int readers) {
    for (const auto* service : {"hub", "ingest", "router", "gateway"}) {
        services_.push_back(std::make_unique<Child>(make(service, service)));
        services_.back()->start();
    }
    want_readers(readers);
}

void Supervisor::add_reader() {
    auto reader = std::make_unique<Reader>(
        Reader{make("reader", "reader-" + std::to_string(next_reader_++), Restarts(kQuickDeathsMax))});
    reader->child.start();
    readers_.push_back(std::move(reader));
}

void Supervisor::want_readers(int readers, bool afresh) {
    readers_wanted_ = readers;
    if (afresh) std::erase_if(readers_, [](const auto& reader) { return reader->child.given_up(); });
    int staying = 0;
    for (const auto& reader : readers_) staying += reader->leaving ? 0 : 1;
    for (; staying < readers; ++staying) add_reader();
    for (auto reader = readers_.rbegin(); reader != readers_.rend() && staying > readers; ++reader) {
        if ((*reader)->leaving) continue;
        (*reader)->leaving = true;
        (*reader)->child.signal(SIGTERM);  // finishes its task, then leaves
        --staying;
    }
}

void Supervisor::tick() {
    for (auto& service : services_) {
        if (service->reap()) {
            runtime::log_warning("a service ended and is started again",
                                 {{"process.name", service->name()},
                                  {"process.exit_code", static_cast<std::int64_t>(service->last_exit_code())}});
        }
        service->restart_when_due();
    }
    for (auto& reader : readers_) {
        tick_reader(*reader);
    }
    std::erase_if(readers_, [](const auto& reader) { return reader->leaving && !reader->child.running(); });
}

void Supervisor::tick_reader(Reader& reader) {
    const auto tell = [&reader](std::string_view what) {
        runtime::log_warning(what, {{"process.name", reader.child.name()},
                                    {"process.exit_code", static_cast<std::int64_t>(reader.child.last_exit_code())}});
    };
    if (reader.child.reap() && !reader.leaving) {
        // Exit 0 without being asked by us: it was drained by name.
        if (reader.child.last_exit_code() == 0) {
            reader.leaving = true;
            readers_wanted_ = std::max(0, readers_wanted_ - 1);
        } else {
            tell("a reader ended and is started again");
        }
    }
    if (reader.child.given_up() && !reader.down_said) {
        reader.down_said = true;
        tell("a reader died at once ten times and is left down: see its log, then pleiade workers --readers N");
    }
    if (!reader.leaving) reader.child.restart_when_due();
}

bool Supervisor::hopeless(std::string& name) const {
    for (const auto& service : services_) {
        if (!service->running() && service->last_exit_code() == runtime::kExitConfiguration) {
            name = service->name();
            return true;
        }
    }
    return false;
}

void Supervisor::wait_for_end(std::vector<Child*> children, std::chrono::milliseconds grace) {
    const auto deadline = Child::Clock::now() + grace;
    for (auto* child : children) child->signal(SIGTERM);
    while (true) {
        bool anybody = false;
        for (auto* child : children) {
            child->reap();
            anybody = anybody || child->running();
        }
        if (!anybody) return;
        if (Child::Clock::now() > deadline) {
            for (auto* child : children) child->signal(SIGKILL);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

void Supervisor::stop() {
    std::vector<Child*> first;
    for (auto& reader : readers_) first.push_back(&reader->child);
    for (std::size_t i = 1; i < services_.size(); ++i) first.push_back(services_[i].get());
    wait_for_end(first, kGrace);
    if (!services_.empty()) wait_for_end({services_.front().get()}, kGrace);
}

}  // namespace pleiade::cli
