// A whole Pléiade in a folder of its own, with free ports, fed and watched by a check.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/domain/readers_wanted.h"
#include "common/wire/messages.h"
#include "services/cli/contract_lines.h"
#include "tests/accept/checks.h"
#include "tests/accept/process.h"
#include "tests/support/temporary_folder.h"

namespace pleiade::accept {

class Installation {
  public:
    // `settings`: more lines of its pleiade.toml.
    Installation(const Options& options, const std::string& settings);

    bool draw_mail(int plis);
    // Moves lots into the inbox, in order, until that share of them is in.
    void drop_lots_until(double share);

    void start(int readers);  // or kReadersAuto
    Background& up() { return *up_; }
    // Asks everybody to finish; the exit code.
    int stop();
    int verify() const;

    int gateway_port() const { return port_; }
    cli::ContractLines truth() const;  // what the generator drew
    std::string desk_endpoint() const { return "ipc://" + (home_ / "run/desk").string(); }
    const std::filesystem::path& home() const { return home_; }
    // Nothing to read or route, and nothing in the inbox. Empty when that did not come in time.
    std::optional<v1::Status> wait_until_idle(std::chrono::seconds limit) const;

  private:
    const Options options_;
    test::TemporaryFolder temporary_;
    std::filesystem::path home_;
    std::filesystem::path mail_;
    std::vector<std::filesystem::path> lots_;
    int port_ = 0;
    std::size_t dropped_ = 0;
    std::unique_ptr<Background> up_;
};

}  // namespace pleiade::accept
