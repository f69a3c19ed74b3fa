#include "services/hub/held_files.h"

#include <sys/stat.h>

#include <algorithm>

#include "common/vault/file_copy.h"

namespace pleiade::hub {

Result<std::shared_ptr<const HeldFiles::File>> HeldFiles::open(const PliId& pli, const std::string& sha256) {
    const Key key{pli.str(), sha256};
    if (auto file = known(key)) return file;
    const auto opened = vault_.open(pli, sha256);
    if (!opened) return pass_on(opened);
    vault::Fd fd(*opened);
    struct stat found {};
    if (::fstat(fd.get(), &found) != 0) return vault::io_error("asking for the size of a file of the vault");
    auto file = std::make_shared<const File>(
        File{std::move(fd), static_cast<std::uint64_t>(found.st_size), found.st_nlink > 0});
    const std::scoped_lock lock(mutex_);
    make_room();
    held_[key] = {file, clock_.monotonic()};
    return file;
}

std::shared_ptr<const HeldFiles::File> HeldFiles::known(const Key& key) {
    const std::scoped_lock lock(mutex_);
    const auto held = held_.find(key);
    if (held == held_.end()) return nullptr;
    struct stat found {};
    const auto& file = held->second.file;
    if (::fstat(file->fd.get(), &found) != 0 || (file->named && found.st_nlink == 0)) {
        held_.erase(held);
        return nullptr;
    }
    held->second.asked_at = clock_.monotonic();
    return file;
}

void HeldFiles::make_room() {
    if (held_.size() < kFilesMax) return;
    held_.erase(std::ranges::min_element(held_, {}, [](const auto& held) { return held.second.asked_at; }));
}

void HeldFiles::forget(const PliId& pli, const std::string& sha256) {
    const std::scoped_lock lock(mutex_);
    held_.erase({pli.str(), sha256});
}

void HeldFiles::let_go() {
    const auto oldest = clock_.monotonic() - kHeldFor;
    const std::scoped_lock lock(mutex_);
    std::erase_if(held_, [&](const auto& held) { return held.second.asked_at < oldest; });
}

std::size_t HeldFiles::count() const {
    const std::scoped_lock lock(mutex_);
    return held_.size();
}

}  // namespace pleiade::hub
