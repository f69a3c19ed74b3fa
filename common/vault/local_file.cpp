#include "common/vault/local_file.h"

#include <atomic>
#include <chrono>
#include <future>

namespace pleiade::vault {
namespace {

constexpr std::chrono::milliseconds kAskEvery{50};

}  // namespace

Result<LocalFile> LocalFile::of(const Vault& vault, const PliId& pli, const std::string& sha256) {
    const auto opened = vault.open(pli, sha256);
    if (!opened) return pass_on(opened);
    return LocalFile(Fd(*opened));
}

Result<std::vector<LocalFile>> local_files(const Vault& vault, const PliId& pli,
                                           const std::vector<std::string>& digests,
                                           const std::function<bool()>& alive) {
    std::atomic<bool> wanted{true};
    auto fetching = std::async(std::launch::async, [&]() -> Result<std::vector<LocalFile>> {
        std::vector<LocalFile> files;
        for (const auto& digest : digests) {
            if (!wanted)
                return conflict("ABANDONED", "the lease was lost while files were fetched; nothing is to be done");
            auto file = LocalFile::of(vault, pli, digest);
            if (!file) return pass_on(file);
            files.push_back(std::move(*file));
        }
        return files;
    });
    while (fetching.wait_for(kAskEvery) != std::future_status::ready) {
        if (wanted && !alive()) wanted = false;
    }
    return fetching.get();
}

}  // namespace pleiade::vault
