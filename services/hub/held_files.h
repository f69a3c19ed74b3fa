// Stored files that were just checked, kept open for a moment: the chunks of one file do not each hash all of it.
//
// Operation: `open` gives the file that is held, or has the vault open and check it. A file that was erased or replaced
// since is not given any more. Concurrency: any thread; what is given stays open as long as somebody has it.
// Limits: `kFilesMax` files, those least recently asked for go first, and none for longer than `kHeldFor` after it was
// last asked for, once somebody calls `let_go`.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "common/base/clock.h"
#include "common/vault/fd.h"
#include "common/vault/vault.h"

namespace pleiade::hub {

class HeldFiles {
  public:
    static constexpr std::size_t kFilesMax = 32;
    static constexpr std::chrono::milliseconds kHeldFor{5'000};

    struct File {
        vault::Fd fd;
        std::uint64_t total_bytes = 0;
        bool named = false;  // when it was opened; one in memory alone never was
    };

    HeldFiles(const vault::Vault& vault, const Clock& clock) : vault_(vault), clock_(clock) {}

    // Errors: those of Vault::open.
    Result<std::shared_ptr<const File>> open(const PliId& pli, const std::string& sha256);
    void forget(const PliId& pli, const std::string& sha256);
    void let_go();
    std::size_t count() const;

  private:
    using Key = std::pair<std::string, std::string>;
    struct Held {
        std::shared_ptr<const File> file;
        MonotonicTime asked_at;
    };
    std::shared_ptr<const File> known(const Key& key);
    void make_room();

    const vault::Vault& vault_;
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::map<Key, Held> held_;  // guarded by mutex_
};

}  // namespace pleiade::hub
