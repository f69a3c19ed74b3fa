#include "tests/accept/installation.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <thread>

#include "common/bus/client.h"

namespace pleiade::accept {
namespace fs = std::filesystem;
namespace {

int free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address);
    socklen_t length = sizeof address;
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length);
    ::close(socket);
    return ntohs(address.sin_port);
}

bool holds_no_file(const fs::path& folder) {
    std::error_code error;
    for (fs::recursive_directory_iterator it(folder, error), end; it != end; it.increment(error)) {
        if (error || it->is_regular_file(error)) return false;
    }
    return true;
}

}  // namespace

Installation::Installation(const Options& options, const std::string& settings) : options_(options) {
    const fs::path base = options.keep.empty() ? temporary_.path() : fs::path(options.keep);
    home_ = base / "home";
    mail_ = base / "mail";
    fs::create_directories(home_ / "inbox");
    port_ = free_port();
    test::write_file(base / "pleiade.toml",
                     fmt::format("home = \"{}\"\n[gateway]\nport = {}\n[ingest]\nadmin_port = 0\n"
                                 "scan_every_ms = 100\nquiet_before_reading_ms = 200\ndisk_free_bytes_min = 1048576\n"
                                 "{}admin_port = 0\n",
                                 home_.string(), port_, settings.empty() ? "[hub]\n" : settings));
}

bool Installation::draw_mail(int plis) {
    const auto drawn =
        run({options_.bin + "/pleiade-mail", "--out", mail_.string(), "--plis", std::to_string(plis), "--seed",
             std::to_string(options_.seed), "--half", "test", "--defects", "on", "--lot-size", "5"},
            std::chrono::seconds(600));
    for (const auto& entry : fs::directory_iterator(mail_)) {
        if (fs::exists(entry.path() / "lot.json")) lots_.push_back(entry.path());
    }
    std::sort(lots_.begin(), lots_.end());
    return drawn.exit_code == 0 && !lots_.empty();
}

cli::ContractLines Installation::truth() const {
    std::ifstream stream(mail_ / "truth.jsonl");
    return cli::contract_lines(std::string(std::istreambuf_iterator<char>(stream), {}), "truth").value();
}

void Installation::drop_lots_until(double share) {
    const auto wanted =
        std::min(lots_.size(), static_cast<std::size_t>(share * static_cast<double>(lots_.size()) + 0.999));
    for (; dropped_ < wanted; ++dropped_) fs::rename(lots_[dropped_], home_ / "inbox" / lots_[dropped_].filename());
}

void Installation::start(int readers) {
    up_ = std::make_unique<Background>(
        std::vector<std::string>{options_.bin + "/pleiade", "up", "--home", home_.string(), "--config",
                                 (home_.parent_path() / "pleiade.toml").string(), "--readers",
                                 readers == kReadersAuto ? "auto" : std::to_string(readers)},
        (home_.parent_path() / "up.log").string());
}

int Installation::stop() {
    return up_->stop(std::chrono::seconds(30));
}

int Installation::verify() const {
    return run({options_.bin + "/pleiade", "verify", "--home", home_.string(), "--config",
                (home_.parent_path() / "pleiade.toml").string()},
               std::chrono::seconds(300))
        .exit_code;
}

std::optional<v1::Status> Installation::wait_until_idle(std::chrono::seconds limit) const {
    bus::Client desk(desk_endpoint());
    const auto deadline = std::chrono::steady_clock::now() + limit;
    int calm = 0;
    while (std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        const auto status = desk.ask<v1::Status>(v1::StatusQuery{});
        if (!status) continue;
        std::int64_t in_flight = status->plis_in_flight();
        for (const auto& stage : status->in_flight()) in_flight += stage.count();
        calm = in_flight == 0 && holds_no_file(home_ / "inbox") ? calm + 1 : 0;
        if (calm >= 3) return *status;
    }
    return std::nullopt;
}

}  // namespace pleiade::accept
