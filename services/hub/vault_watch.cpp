#include "services/hub/vault_watch.h"

#include <unistd.h>

#include <filesystem>

#include "common/base/sha256.h"
#include "common/runtime/log.h"
#include "common/vault/vault.h"

namespace pleiade::hub {
namespace {

namespace fs = std::filesystem;

constexpr int kFolders = 256;

std::string folder_name(int shard) {
    static constexpr char kDigits[] = "0123456789abcdef";
    return {kDigits[shard / 16], kDigits[shard % 16]};
}

}  // namespace

VaultWatch::VaultWatch(VaultWatchOptions options, const Clock& clock, prometheus::Registry& registry)
    : options_(std::move(options)),
      clock_(clock),
      read_files_(prometheus::BuildCounter()
                      .Name("pleiade_vault_files_reread_total")
                      .Help("Stored files that were read again and compared with their name")
                      .Register(registry)
                      .Add({})),
      altered_files_(prometheus::BuildGauge()
                         .Name("pleiade_vault_altered_files")
                         .Help("Stored files found altered since the hub started; must be 0")
                         .Register(registry)
                         .Add({})),
      finished_(prometheus::BuildGauge()
                    .Name("pleiade_vault_reread_finished_seconds")
                    .Help("When the share of a day was last read to its end, in seconds since 1970")
                    .Register(registry)
                    .Add({})),
      thread_([this] { run(); }) {}

VaultWatch::~VaultWatch() {
    stop_ = true;
    thread_.join();
}

runtime::ReadyCheck VaultWatch::readiness() const {
    return {"vault", altered_count_ == 0, "a stored file was altered: run pleiade verify, restore it or scan it again"};
}

void VaultWatch::run() {
    std::int64_t done = -1;
    while (!stop_) {
        const auto day = std::chrono::floor<std::chrono::days>(clock_.now()).time_since_epoch().count();
        if (day != done) {
            read_share(day);
            done = day;
        }
        for (auto waited = std::chrono::milliseconds{0}; waited < options_.look_every && !stop_;) {
            std::this_thread::sleep_for(std::chrono::milliseconds{50});
            waited += std::chrono::milliseconds{50};
        }
    }
}

// The folders whose turn it is: each comes back after `days`.
void VaultWatch::read_share(std::int64_t day) {
    for (int shard = 0; shard < kFolders && !stop_; ++shard) {
        if ((shard + day) % options_.days == 0) read_folder(options_.folder + "/" + folder_name(shard));
    }
    if (!stop_) finished_.Set(static_cast<double>(clock_.now().time_since_epoch().count()) / 1e3);
}

void VaultWatch::read_folder(const std::string& folder) {
    const auto vault = vault::open_posix_vault(options_.folder);
    std::error_code error;
    for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end && !stop_; it.increment(error)) {
        const auto name = it->path().filename().string();
        const auto pli = it->path().parent_path().filename().string();
        if (it.depth() != 1 || !is_sha256_hex(name)) continue;
        const auto fd = vault->open(PliId(pli), name);
        read_files_.Increment();
        ++read_count_;
        if (fd) {
            ::close(*fd);
        } else if (fd.error().code == "FILE_ALTERED") {
            altered_files_.Set(static_cast<double>(++altered_count_));
            runtime::log_error("a stored file was altered", {{"pleiade.pli", pli}, {"pleiade.file", name}});
        }
        std::this_thread::sleep_for(options_.pace);
    }
}

}  // namespace pleiade::hub
