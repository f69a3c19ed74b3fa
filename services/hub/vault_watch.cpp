#include "services/hub/vault_watch.h"

#include "common/runtime/log.h"

namespace pleiade::hub {
VaultWatch::VaultWatch(const vault::Vault& vault, VaultWatchOptions options, const Clock& clock,
                       prometheus::Registry& registry)
    : vault_(vault),
      options_(options),
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
    bool whole = true;
    for (int shard = 0; shard < vault::kShards && !stop_; ++shard) {
        if ((shard + day) % options_.days == 0) whole = read_shard(shard) && whole;
    }
    if (whole && !stop_) finished_.Set(static_cast<double>(clock_.now().time_since_epoch().count()) / 1e3);
}

bool VaultWatch::read_shard(int shard) {
    Result<void> whole;
    auto walked = vault_.walk(shard, [&](const PliId& pli, const std::string& sha256) {
        whole = vault_.check(pli, sha256);
        if (!whole && whole.error().kind == ErrorKind::Unavailable) return false;
        read_files_.Increment();
        ++read_count_;
        if (!whole && whole.error().code == "FILE_ALTERED") {
            altered_files_.Set(static_cast<double>(++altered_count_));
            runtime::log_error("a stored file was altered", {{"pleiade.pli", pli.str()}, {"pleiade.file", sha256}});
        }
        std::this_thread::sleep_for(options_.pace);
        return !stop_;
    });
    // Tried again on its next day; the alarm on the last finished reading tells when that lasts.
    if (walked && !whole && whole.error().kind == ErrorKind::Unavailable) walked = pass_on(whole);
    if (!walked) runtime::log_error("a part of the vault could not be read again", walked.error());
    return walked.has_value();
}

}  // namespace pleiade::hub
