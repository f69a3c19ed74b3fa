#include "tests/faults/platform.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "common/bus/client.h"
#include "tests/faults/chain.h"
#include "tests/faults/spawn.h"

namespace pleiade::faults {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kPause{200};  // of a supervisor
constexpr seconds kPatience{60};     // of a busy machine
constexpr seconds kGrace{10};
constexpr int kLeaseMs = 3'000;

const std::vector<std::pair<std::string, std::string>> kKeys = {
    {"scanner", "scanner"}, {"reader", "reader"}, {"router", "router"}, {"gateway", "gateway"}};

std::vector<std::string> keys_on(const std::string& host) {
    if (Platform::has_hub(host)) return {"hub.key", "allowed.csv", "reader.key"};
    if (host == Platform::kBase) return {"scanner.key"};
    return {"reader.key", "router.key", "gateway.key"};
}

// Who may reach the test's database: the test itself, and the hosts.
std::string access_file(const std::string& folder) {
    const auto path = folder + "/pg_hba.conf";
    put_file(path, fmt::format("local all all trust\nhost all all {} trust\n", Network::all_addresses()));
    return path;
}

}  // namespace

Platform::Platform(std::string bin, std::string folder, Network& network, PlatformPlan plan)
    : bin_(std::move(bin)),
      folder_(std::move(folder)),
      network_(network),
      plan_(std::move(plan)),
      ring_(folder_ + "/keys", kKeys) {
    for (const auto& host : hosts()) network_.add_host(host);
    for (const auto& place : plan_.places) programs_[place.name] = {place.host, bin_ + "/" + place.file};
    // The database runs as somebody else, who must come to its file.
    fs::permissions(folder_, fs::perms::others_exec | fs::perms::group_exec, fs::perm_options::add);
    network_.enter(kBase);
    postgres_ = std::make_unique<test::PostgresServer>(
        std::vector<std::string>{"listen_addresses=" + network_.address(kBase), "hba_file=" + access_file(folder_)});
    network_.leave();
    database_ = postgres_->create_database();
    for (const auto& host : hosts()) prepare(host);
}

Platform::~Platform() {
    for (auto& [name, program] : programs_) {
        if (program.pid <= 0) continue;
        ::kill(program.pid, SIGKILL);
        ::waitpid(program.pid, nullptr, 0);
    }
}

std::vector<std::string> Platform::hosts() const {
    std::vector<std::string> hosts{kBase};
    for (const auto& place : plan_.places) {
        if (std::ranges::find(hosts, place.host) == hosts.end()) hosts.push_back(place.host);
    }
    return hosts;
}

std::vector<std::string> Platform::hubs() const {
    auto hubs = hosts();
    std::erase_if(hubs, [](const auto& host) { return !has_hub(host); });
    return hubs;
}

std::vector<std::string> Platform::programs_of(const std::string& host) const {
    std::vector<std::string> names;
    for (const auto& [name, program] : programs_) {
        if (program.host == host) names.push_back(name);
    }
    return names;
}

std::string Platform::home_of(const std::string& host) const {
    return host == kBase ? home() : folder_ + "/" + host;
}

// Its own first; of the hosts without one, half of them try one hub first, half the other.
std::vector<std::string> Platform::endpoints(int port, const std::string& from) const {
    auto hubs = this->hubs();
    auto others = hosts();
    std::erase_if(others, has_hub);
    const auto& among = has_hub(from) ? hubs : others;
    const auto place = std::ranges::find(among, from) - among.begin();
    std::ranges::rotate(hubs, hubs.begin() + place % std::ssize(hubs));
    for (auto& hub : hubs) hub = fmt::format("tcp://{}:{}", network_.address(hub), port);
    return hubs;
}

HubAddress Platform::with_key(std::vector<std::string> endpoints, const std::string& role) const {
    HubAddress hubs(std::move(endpoints));
    hubs.key_file = ring_.file(role);
    hubs.hub_keys = {ring_.pair("hub").public_key};
    return hubs;
}

void Platform::give_keys(const std::string& host) const {
    const auto folder = home_of(host) + "/keys/bus";
    fs::create_directories(folder);
    for (const auto& key : keys_on(host)) fs::copy_file(folder_ + "/keys/" + key, folder + "/" + key);
}

std::string Platform::store_url() const {
    return postgres_->url(database_);
}

long long Platform::number(const std::string& sql) const {
    try {
        return std::stoll(postgres_->ask(database_, sql));
    } catch (const std::exception&) {
        return -1;
    }
}

// All that a host knows of the others.
std::string Platform::settings_of(const std::string& host) const {
    const auto list = [](const std::vector<std::string>& all) {
        return fmt::format("[\"{}\"]", fmt::join(all, "\", \""));
    };
    auto settings =
        fmt::format("[bus]\nwork_endpoints = {}\ndesk_endpoints = {}\nhub_keys = [\"{}\"]\n",
                    list(endpoints(kWorkPort, host)), list(endpoints(kDeskPort, host)), ring_.pair("hub").public_key);
    if (has_hub(host)) {
        return settings + fmt::format(
                              "[store]\nurl = \"postgresql://pleiade@{}/{}\"\n[vault]\nurl = \"file:{}/vault\"\n"
                              "[hub]\nwork_endpoint = \"tcp://{}:{}\"\ndesk_endpoint = \"tcp://{}:{}\"\nlease_ms = "
                              "{}\ndisk_free_bytes_min = 1048576\nadmin_port = 0\n",
                              network_.address(kBase), database_, home(), network_.address(host), kWorkPort,
                              network_.address(host), kDeskPort, kLeaseMs);
    }
    return settings + fmt::format(
                          "[vault]\nurl = \"{}\"\n[ingest]\nadmin_port = 0\nscan_every_ms = 50\n"
                          "disk_free_bytes_min = 1048576\n[gateway]\nport = {}\n",
                          host == kBase ? "file:" : "hub:", kGatewayPort);
}

void Platform::prepare(const std::string& host) {
    for (const char* folder : {"inbox", "run", "logs", "ledger"}) fs::create_directories(home_of(host) + "/" + folder);
    fs::permissions(home_of(host) + "/run", fs::perms::owner_all);
    give_keys(host);
    put_file(home_of(host) + "/pleiade.toml", "[log]\nlevel = \"warning\"\n" + settings_of(host));
}

void Platform::start(const std::string& name) {
    auto& program = programs_.at(name);
    const auto home = home_of(program.host);
    network_.enter(program.host);
    program.pid = spawn({program.file, "--home", home, "--config", home + "/pleiade.toml", "--name", name},
                        {fmt::format("PLEIADE_STUB_WORK_MS={}", plan_.work_ms)}, home + "/logs/" + name + ".log");
    network_.leave();
}

bool Platform::hub_answers(const std::string& host, milliseconds patience) const {
    bus::Client client(with_key({fmt::format("tcp://{}:{}", network_.address(host), kDeskPort)}, "gateway"));
    return client.ask<v1::Status>(v1::StatusQuery{}, {.patience = patience}).has_value();
}

void Platform::wait_for_hub(const std::string& host) const {
    const auto until = Clock::now() + kPatience;
    while (!hub_answers(host, milliseconds(500))) {
        if (Clock::now() > until) throw std::runtime_error(host + " does not come up");
    }
}

// The first makes the key of the installation, which goes with a hub to its host.
void Platform::start_hubs() {
    const auto all = hubs();
    for (const auto& host : all) {
        if (host != all.front())
            fs::copy_file(home_of(all.front()) + "/ledger/nir.key", home_of(host) + "/ledger/nir.key");
        start(host);
        wait_for_hub(host);
    }
}

void Platform::start_others() {
    for (const auto& [name, program] : programs_) {
        if (program.pid <= 0) start(name);
    }
}

int Platform::tick() {
    int died = 0;
    for (auto& [name, program] : programs_) {
        if (program.pid > 0 && ::waitpid(program.pid, nullptr, WNOHANG) == program.pid) {
            program.pid = -1;
            program.due = Clock::now() + kPause;
            ++died;
        }
        if (program.pid <= 0 && !down_[program.host] && Clock::now() >= program.due) start(name);
    }
    return died;
}

void Platform::kill_host(const std::string& host) {
    down_[host] = true;
    if (host == kBase) postgres_->kill();
    for (const auto& name : programs_of(host)) {
        auto& program = programs_.at(name);
        if (program.pid <= 0) continue;
        ::kill(program.pid, SIGKILL);
        ::waitpid(program.pid, nullptr, 0);
        program.pid = -1;
    }
}

void Platform::start_host(const std::string& host) {
    if (host == kBase) {
        network_.enter(host);
        postgres_->start();
        network_.leave();
    }
    down_[host] = false;
    tick();
}

void Platform::add_reader(const std::string& name, const std::string& host) {
    programs_[name] = {host, bin_ + "/pleiade-stub-reader"};
    start(name);
}

bool Platform::drain(const std::string& name) {
    const auto program = programs_.at(name);
    programs_.erase(name);
    if (program.pid <= 0) return true;
    ::kill(program.pid, SIGTERM);
    const auto until = Clock::now() + kGrace;
    while (Clock::now() < until) {
        if (::waitpid(program.pid, nullptr, WNOHANG) == program.pid) return true;
        std::this_thread::sleep_for(milliseconds(10));
    }
    ::kill(program.pid, SIGKILL);
    ::waitpid(program.pid, nullptr, 0);
    return false;
}

bool Platform::stop() {
    bool graceful = true;
    for (const bool hubs : {false, true}) {
        std::vector<std::string> names;
        for (const auto& [name, program] : programs_) {
            if (has_hub(name) == hubs) names.push_back(name);
        }
        for (const auto& name : names) graceful = drain(name) && graceful;
    }
    return graceful;
}

}  // namespace pleiade::faults
