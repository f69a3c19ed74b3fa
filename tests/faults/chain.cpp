#include "tests/faults/chain.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "tests/faults/spawn.h"

namespace pleiade::faults {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr milliseconds kPause{60};  // a restart that is too quick proves recovery only, never work

// An uncompressed grey TIFF; the text makes its pixels.
std::string tiff_of(const std::string& text) {
    constexpr int kSide = 16;
    std::string bytes("II*\0\x08\0\0\0", 8);
    const auto put16 = [&](int value) { bytes += {static_cast<char>(value & 255), static_cast<char>(value >> 8)}; };
    const auto put32 = [&](int value) {
        put16(value & 0xffff);
        put16(value >> 16);
    };
    const auto tag = [&](int id, int type, int value) {
        put16(id);
        put16(type);
        put32(1);
        put32(value);
    };
    constexpr int kTags = 9;
    put16(kTags);
    tag(256, 3, kSide);
    tag(257, 3, kSide);
    tag(258, 3, 8);
    tag(259, 3, 1);
    tag(262, 3, 1);
    tag(273, 4, 8 + 2 + kTags * 12 + 4);
    tag(277, 3, 1);
    tag(278, 3, kSide);
    tag(279, 4, kSide * kSide);
    put32(0);
    std::string pixels(kSide * kSide, '\xff');
    for (std::size_t i = 0; i < text.size() && i < pixels.size(); ++i) pixels[i] = text[i];
    return bytes + pixels;
}

bool is_hub(const std::string& name) {
    return name.starts_with("hub");
}

}  // namespace

std::uint16_t free_port() {
    for (std::uint16_t port = static_cast<std::uint16_t>(20'000 + ::getpid() % 10'000); port < 32'000; ++port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const bool is_free = ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        ::close(fd);
        if (is_free) return port;
    }
    throw std::runtime_error("no free port on loopback");
}

void put_file(const std::string& path, const std::string& bytes) {
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream stream(path, std::ios::binary);
    stream << bytes;
    stream.close();
    if (!stream.good()) throw std::runtime_error("cannot write " + path);
}

void drop_lot(const std::string& home, const std::string& lot, int plis, const std::string& caisse,
              const std::string& first_rank, bool registered_mail) {
    const fs::path folder = fs::path(home) / "inbox" / (".part-" + lot);
    std::string entries;
    for (int n = 1; n <= plis; ++n) {
        const auto rank = n == 1 && !first_rank.empty() ? first_rank : fmt::format("{:05}", n);
        put_file(folder / (rank + ".tif"), tiff_of(lot + " " + rank));
        entries += fmt::format(R"({}{{"pli":"{}","files":["{}.tif"]{}}})", n == 1 ? "" : ",", rank, rank,
                               registered_mail ? R"(,"registered":"1A12345678901")" : "");
    }
    put_file(folder / "lot.json", fmt::format(R"({{"lot":"{}","caisse":"{}","received_on":"2026-11-20","plis":[{}]}})",
                                              lot, caisse, entries));
    fs::rename(folder, fs::path(home) / "inbox" / lot);
}

Chain::Chain(ChainOptions options)
    : options_(std::move(options)), gateway_port_(options_.gateway ? free_port() : std::uint16_t{0}) {
    for (const char* folder : {"inbox", "run", "logs", "ledger", "vault"}) {
        fs::create_directories(options_.home + "/" + folder);
    }
    fs::permissions(options_.home + "/run", fs::perms::owner_all);
    const auto toml = [&](const std::string& bus) {
        return fmt::format(
            "[ingest]\nadmin_port = 0\nscan_every_ms = 50\ndisk_free_bytes_min = 1048576\n[hub]\nlease_ms = {}\n"
            "disk_free_bytes_min = {}\nadmin_port = 0\n[store]\nurl = \"{}\"\n[vault]\nurl = \"file:{}\"\n"
            "[gateway]\nport = {}\n[log]\nlevel = \"warning\"\n{}",
            options_.lease_ms, options_.hub_disk_free_bytes_min,
            options_.store_url.empty() ? "sqlite:" : options_.store_url,
            fs::absolute(options_.home + "/vault").string(), gateway_port_, bus);
    };
    put_file(options_.home + "/hub.toml", toml(""));
    for (int hub = 1; hub <= options_.hubs; ++hub) {
        const auto work = options_.work_endpoint.empty() ? this->work(hub) : options_.work_endpoint;
        put_file(fmt::format("{}/worker-{}.toml", options_.home, hub),
                 toml(fmt::format("[bus]\nwork_endpoints = \"{}\"\ndesk_endpoints = \"{}\"\n", work, desk(hub))));
    }
}

Chain::~Chain() {
    for (auto& [name, process] : processes_) {
        if (process.pid <= 0) continue;
        ::kill(process.pid, SIGKILL);
        ::waitpid(process.pid, nullptr, 0);
    }
}

void Chain::start_all() {
    start_hubs();
    start("ingest");
    start_readers();
    if (options_.router) start("router");
    if (options_.gateway) start("gateway");
}

void Chain::start_readers() {
    for (int i = 1; i <= options_.readers; ++i) start(fmt::format("reader-{}", i));
}

std::string Chain::endpoints(const std::string& of, int from) const {
    std::string all;
    for (int i = 0; i < options_.hubs; ++i) {
        const int hub = (from - 1 + i) % options_.hubs + 1;
        all += (all.empty() ? "ipc://" : ",ipc://") + hub_home(hub) + "/run/" + of;
    }
    return all;
}

int Chain::hub_of(const std::string& name) const {
    return name.starts_with("reader-") ? (std::stoi(name.substr(7)) - 1) % options_.hubs + 1 : 1;
}

// The installation's key goes with a hub to its host: the first has made it.
void Chain::start_hubs() {
    start("hub");
    if (options_.hubs == 1) return;
    const auto key = fs::path(options_.home) / "ledger" / "nir.key";
    for (int waited = 0; !fs::exists(key); ++waited) {
        if (waited > 1'000) throw std::runtime_error("the first hub has made no nir.key");
        tick();
        std::this_thread::sleep_for(milliseconds(20));
    }
    for (int i = 2; i <= options_.hubs; ++i) {
        fs::create_directories(hub_home(i) + "/ledger");
        fs::copy_file(key, hub_home(i) + "/ledger/nir.key");
        start(hub_name(i));
    }
}

void Chain::start(const std::string& name, const std::map<std::string, std::string>& environment) {
    Process& process = processes_[name];
    if (process.pid > 0) return;
    process.environment = environment;
    spawn(name, process);
}

void Chain::spawn(const std::string& name, Process& process) {
    const bool reader = name.starts_with("reader");
    const bool hub = is_hub(name);
    const std::string program = options_.bin + (reader ? "/pleiade-stub-reader"
                                                : hub  ? "/pleiade-hub"
                                                       : "/pleiade-" + name);
    const std::string config = options_.home + (hub ? "/hub.toml" : fmt::format("/worker-{}.toml", hub_of(name)));
    const std::string home = options_.home + (hub && name != "hub" ? "/" + name : "");
    const std::vector<std::string> words{program, "--home", home, "--config", config, "--name", name};
    std::vector<std::string> variables;
    const auto set = [&](const std::map<std::string, std::string>& all) {
        for (const auto& [key, value] : all) variables.push_back(key + "=" + value);
    };
    set(options_.environment);
    set(process.environment);
    if (!options_.router) variables.emplace_back("PLEIADE_STUB_STAGES=both");
    if (options_.work_ms > 0) variables.push_back(fmt::format("PLEIADE_STUB_WORK_MS={}", options_.work_ms));
    process.pid = faults::spawn(words, variables, options_.home + "/logs/" + name + ".log");
    ++process.starts;
}

void Chain::kill(const std::string& name, int signal) {
    const auto found = processes_.find(name);
    if (found != processes_.end() && found->second.pid > 0) ::kill(found->second.pid, signal);
}

bool Chain::reap(Process& process) {
    if (process.pid <= 0 || ::waitpid(process.pid, nullptr, WNOHANG) != process.pid) return false;
    process.pid = -1;
    process.due = Clock::now() + kPause;
    return true;
}

int Chain::tick() {
    int died = 0;
    for (auto& [name, process] : processes_) {
        died += reap(process) ? 1 : 0;
        if (process.pid <= 0 && Clock::now() >= process.due) spawn(name, process);
    }
    return died;
}

bool Chain::stop(milliseconds grace) {
    bool graceful = true;
    const auto end = [&](bool hub) {
        for (auto& [name, process] : processes_) {
            if (is_hub(name) == hub) kill(name, SIGTERM);
        }
        const auto until = Clock::now() + grace;
        for (auto& [name, process] : processes_) {
            while (is_hub(name) == hub && process.pid > 0 && !reap(process)) {
                if (Clock::now() > until) {
                    graceful = false;
                    kill(name, SIGKILL);
                }
                std::this_thread::sleep_for(milliseconds(10));
            }
        }
    };
    end(false);
    end(true);
    return graceful;
}

long Chain::resident_kb(const std::string& name) const {
    std::ifstream status("/proc/" + std::to_string(processes_.at(name).pid) + "/statm");
    long total = 0;
    long resident = 0;
    status >> total >> resident;
    return resident * 4;
}

std::vector<std::string> Chain::names() const {
    std::vector<std::string> names;
    for (const auto& [name, process] : processes_) names.push_back(name);
    return names;
}

}  // namespace pleiade::faults
