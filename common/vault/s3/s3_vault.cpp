#include "common/vault/s3/s3_vault.h"

#include <unistd.h>

#include <atomic>

#include "common/base/sha256.h"
#include "common/vault/file_copy.h"
#include "common/vault/layout.h"
#include "common/vault/s3/s3_client.h"
#include "common/vault/s3/upload.h"

namespace pleiade::vault {
namespace {

constexpr std::chrono::hours kSweepEvery{24};

tl::unexpected<Error> altered(const std::string& sha256) {
    return invalid("FILE_ALTERED", "the file " + sha256 + " was altered: restore it from a backup or rescan");
}

class S3Vault final : public Vault {
  public:
    S3Vault(const S3Options& options, const CacheOptions& cache)
        : options_(options), client_(options), upload_(client_, options), cache_(cache) {}

    Result<StoredFile> put(const PliId& pli, int source_fd, const std::string& name) override {
        sweep_when_due();
        const auto digest = digest_of(source_fd);
        if (!digest) return pass_on(digest);
        const StoredFile stored{digest->sha256, digest->size_bytes, name};
        const auto before = check(pli, digest->sha256);
        if (before) return stored;
        if (before.error().kind == ErrorKind::Unavailable) return pass_on(before);

        const auto key = key_of(pli, digest->sha256);
        if (auto sent = upload_.send(key, source_fd, *digest); !sent) return pass_on(sent);
        if (const auto after = check(pli, digest->sha256); !after) {
            if (after.error().kind == ErrorKind::Unavailable) return pass_on(after);
            return unavailable("VAULT_IO", "a file does not read back from the S3 store as it was sent");
        }
        return stored;
    }

    Result<int> open(const PliId& pli, const std::string& sha256) const override {
        return cache_.open(pli, sha256, [&](int fd) -> Result<void> {
            std::uint64_t at = 0;
            Result<void> written;
            const auto restart = [&] {
                at = 0;
                return ::ftruncate(fd, 0) == 0;
            };
            const auto take = [&](std::string_view bytes) {
                written = write_at(fd, bytes, at);
                at += bytes.size();
                return written.has_value();
            };
            auto got = read(pli, sha256, restart, take);
            return written ? got : written;
        });
    }

    Result<void> check(const PliId& pli, const std::string& sha256) const override {
        return read(
            pli, sha256, [] { return true; }, [](std::string_view) { return true; });
    }

    Result<void> remove(const PliId& pli, const std::string& sha256) override {
        cache_.forget(pli, sha256);
        return client_.remove(key_of(pli, sha256));
    }

    Result<void> walk(int shard, const Visit& visit) const override {
        const auto top = options_.prefix + shard_name(shard) + "/";
        std::string from;
        do {
            const auto listing = client_.list(top, from);
            if (!listing) return pass_on(listing);
            for (const auto& key : listing->keys) {
                // <id>/<sha256>; what else somebody put there is not ours.
                const auto slash = key.find('/', top.size());
                if (!key.starts_with(top) || slash == std::string::npos) continue;
                const auto id = key.substr(top.size(), slash - top.size());
                const auto name = key.substr(slash + 1);
                if (is_pli_id(id) && is_sha256_hex(name) && !visit(PliId(id), name)) return {};
            }
            from = listing->next;
        } while (!from.empty());
        return {};
    }

  private:
    std::string key_of(const PliId& pli, const std::string& sha256) const {
        return options_.prefix + place_of(pli, sha256);
    }

    // Reads an object whole and compares it with its name. Bytes that are wrong once are read once more: a file is
    // called altered when the store says so twice, and not because something on the way did.
    Result<void> read(const PliId& pli, const std::string& sha256, const std::function<bool()>& restart,
                      const std::function<bool(std::string_view)>& take) const {
        const auto key = key_of(pli, sha256);
        for (int turn = 0; turn < 2; ++turn) {
            Sha256 sha;
            const auto got = client_.get(key, {.restart =
                                                   [&] {
                                                       sha = Sha256();
                                                       return restart();
                                                   },
                                               .take =
                                                   [&](std::string_view bytes) {
                                                       sha.update(bytes);
                                                       return take(bytes);
                                                   }});
            if (!got && turn == 1 && got.error().kind == ErrorKind::NotFound) break;  // a store may set it aside
            if (!got) return got;
            if (sha.finish_hex() == sha256) return {};
        }
        return altered(sha256);
    }

    void sweep_when_due() {
        const auto now = std::chrono::steady_clock::now().time_since_epoch();
        auto due = next_sweep_.load();
        if (now < due || !next_sweep_.compare_exchange_strong(due, now + kSweepEvery)) return;
        upload_.sweep(options_.prefix,
                      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) - options_.orphan_age);
    }

    const S3Options options_;
    mutable S3Client client_;  // a store that is asked does not change
    Upload upload_;
    LocalCache cache_;
    std::atomic<std::chrono::steady_clock::duration> next_sweep_{std::chrono::steady_clock::duration::min()};
};

}  // namespace

std::unique_ptr<Vault> open_s3_vault(const S3Options& options, const CacheOptions& cache) {
    return std::make_unique<S3Vault>(options, cache);
}

}  // namespace pleiade::vault
