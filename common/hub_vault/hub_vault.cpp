#include "common/hub_vault/hub_vault.h"

#include <unistd.h>

#include <mutex>
#include <thread>
#include <vector>

#include "common/bus/client.h"
#include "common/bus/limits.h"
#include "common/vault/file_copy.h"
#include "common/wire/file_messages.h"

namespace pleiade::hub_vault {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kAskAgain{100};  // a hub that has too much to do

tl::unexpected<Error> read_only() {
    return invalid("VAULT_READ_ONLY",
                   "a vault behind a hub is only read; who writes it needs file: or s3: in vault.url");
}

// Links that nobody uses now; as many as there were questions at once.
class Links {
  public:
    explicit Links(HubAddress hubs) : hubs_(std::move(hubs)) {}

    std::unique_ptr<bus::Client> take() {
        const std::scoped_lock lock(mutex_);
        if (free_.empty()) return std::make_unique<bus::Client>(hubs_);
        auto link = std::move(free_.back());
        free_.pop_back();
        return link;
    }
    void give_back(std::unique_ptr<bus::Client> link) {
        const std::scoped_lock lock(mutex_);
        free_.push_back(std::move(link));
    }

  private:
    const HubAddress hubs_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<bus::Client>> free_;  // guarded by mutex_
};

class HubVault final : public vault::Vault {
  public:
    HubVault(const HubAddress& hubs, const vault::CacheOptions& cache, const Patience& patience)
        : links_(hubs), cache_(cache), patience_(patience) {}

    Result<int> open(const PliId& pli, const std::string& sha256) const override {
        return cache_.open(pli, sha256, [&](int fd) { return fetch(pli, sha256, fd); });
    }

    Result<void> check(const PliId& pli, const std::string& sha256) const override {
        v1::CheckFile asked;
        asked.set_pli_id(pli.str());
        asked.set_sha256(sha256);
        const auto checked = ask<v1::Ok>(asked, patience_.check);
        if (!checked) return pass_on(checked);
        return {};
    }

    Result<StoredFile> put(const PliId&, int, const std::string&) override { return read_only(); }
    Result<void> remove(const PliId&, const std::string&) override { return read_only(); }
    Result<void> walk(int, const Visit&) const override { return read_only(); }

  private:
    Result<void> fetch(const PliId& pli, const std::string& sha256, int fd) const {
        v1::FetchFile asked;
        asked.set_pli_id(pli.str());
        asked.set_sha256(sha256);
        asked.set_bytes_max(bus::kChunkBytesMax);
        for (std::uint64_t at = 0, total = 1; at < total; asked.set_offset(at)) {
            const auto chunk = ask<v1::FileChunk>(asked, patience_.chunk);
            if (!chunk) return pass_on(chunk);
            const auto& bytes = chunk->bytes();
            if (at == 0) total = chunk->total_bytes();
            // What does not fit its place would never end, or overwrite what is there.
            if (chunk->total_bytes() != total || bytes.size() > total - at || (bytes.empty() && total > 0)) {
                return unavailable("VAULT_IO", "the hubs do not agree about a file of the vault: do they share it?");
            }
            if (auto written = vault::write_at(fd, bytes, at); !written) return written;
            at += bytes.size();
        }
        return {};
    }

    template <class Answer, class Request>
    Result<Answer> ask(const Request& request, milliseconds patience) const {
        const auto deadline = Steady::now() + patience;
        auto link = links_.take();
        while (true) {
            const auto left = std::chrono::ceil<milliseconds>(deadline - Steady::now());
            auto answer = link->ask<Answer>(request, {.patience = left});
            const bool busy =
                !answer && (answer.error().code == "FILES_BUSY" || answer.error().code == bus::kStoreUnavailable);
            if (!busy || Steady::now() + kAskAgain >= deadline) {
                links_.give_back(std::move(link));
                return answer;
            }
            std::this_thread::sleep_for(kAskAgain);
        }
    }

    mutable Links links_;  // who asks changes no file
    const vault::LocalCache cache_;
    const Patience patience_;
};

}  // namespace

std::unique_ptr<vault::Vault> open_hub_vault(const HubAddress& hubs, const vault::CacheOptions& cache,
                                             const Patience& patience) {
    return std::make_unique<HubVault>(hubs, cache, patience);
}

}  // namespace pleiade::hub_vault
