#include "services/ingest/inbox.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "services/ingest/manifest.h"
#include "services/ingest/safe_file.h"
#include "services/ingest/source.h"

namespace pleiade::ingest {
namespace {

namespace fs = std::filesystem;

constexpr int kLooksMin = 3;

std::int64_t ns_of(const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

bool is_caisse(const std::string& name) {
    return name.size() == 3 && name.find_first_not_of("0123456789") == std::string::npos;
}

bool is_named_unfinished(const std::string& name) {
    if (name.starts_with('.')) return true;
    for (const auto* ending : {".tmp", ".part", ".partial", ".filepart"}) {
        if (name.ends_with(ending)) return true;
    }
    return false;
}

// True when the manifest ends where JSON must end. What cannot be opened safely is ready too: to be refused.
bool manifest_is_whole(const std::string& lot_folder) {
    const auto folder = open_folder(lot_folder);
    if (!folder) return false;
    const auto fd = open_regular(folder->get(), kManifestName);
    if (!fd) return fd.error().code == "REJ_FILE_UNSAFE_NAME";
    const auto text = runtime::read_file(lot_folder + "/" + kManifestName);
    return text && is_whole_json(*text);
}

}  // namespace

std::vector<Waiting> Inbox::ready() {
    count_ = {};
    for (auto& [path, watch] : watched_) watch.seen = false;
    std::vector<Waiting> ready;
    look_at_folder(folder_, "", 0, ready);
    std::erase_if(watched_, [](const auto& entry) { return !entry.second.seen; });
    std::sort(ready.begin(), ready.end());
    return ready;
}

void Inbox::look_at_folder(const std::string& path, const Caisse& caisse, int depth, std::vector<Waiting>& ready) {
    std::error_code error;
    for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
        const auto name = entry->path().filename().string();
        const auto inner = path + "/" + name;
        if (is_named_unfinished(name)) {
            count_.unfinished += name.starts_with('.') ? 0 : 1;
            continue;
        }
        struct stat found {};
        if (::lstat(inner.c_str(), &found) != 0) continue;
        if (!S_ISDIR(found.st_mode)) {
            look_at_file(inner, caisse, ready);
            continue;
        }
        Waiting lot;
        struct stat manifest {};
        const bool has_manifest = ::lstat((inner + "/" + kManifestName).c_str(), &manifest) == 0;
        if (depth == 0 && !has_manifest && is_caisse(name)) {
            look_at_folder(inner, name, depth + 1, ready);
        } else if (depth == 0 && has_manifest && lot_is_ready(inner, lot)) {
            ++count_.lots_ready;
            ready.push_back(std::move(lot));
        } else {
            ++count_.unfinished;
        }
    }
}

void Inbox::look_at_file(const std::string& path, const Caisse& caisse, std::vector<Waiting>& ready) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) return;
    // A link, a pipe or a device does not grow: it is taken at once, to be refused.
    if (S_ISREG(found.st_mode)) {
        const auto* watched = watch(path, found);
        if (watched == nullptr || !is_quiet(*watched)) {
            ++count_.unfinished;
            return;
        }
        const Fd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
        if (fd && is_being_written(fd.get())) {
            ++count_.unfinished;
            return;
        }
    }
    ++count_.files_ready;
    ready.push_back({path, true, caisse, ns_of(found.st_ctim)});
}

bool Inbox::lot_is_ready(const std::string& path, Waiting& lot) {
    struct stat folder {};
    struct stat manifest {};
    if (::lstat(path.c_str(), &folder) != 0) return false;
    if (::lstat((path + "/" + kManifestName).c_str(), &manifest) != 0) return false;
    auto* watched = watch(path, manifest);
    if (watched == nullptr) return false;
    if (!watched->whole && watched->looks == 1) watched->whole = manifest_is_whole(path);
    // What stays short of whole JSON for that long is not being written any more: it is taken, to be refused.
    if (!watched->whole && !is_quiet(*watched)) return false;
    lot = {path, false, "", std::max(ns_of(folder.st_ctim), ns_of(manifest.st_ctim))};
    return true;
}

Inbox::Watch* Inbox::watch(const std::string& path, const struct stat& found) {
    auto known = watched_.find(path);
    if (known == watched_.end()) {
        if (watched_.size() >= kWatchedMax) return nullptr;
        known = watched_.emplace(path, Watch{}).first;
    }
    auto& watch = known->second;
    const auto modified = ns_of(found.st_mtim);
    if (watch.looks == 0 || watch.inode != found.st_ino || watch.size != found.st_size ||
        watch.modified_ns != modified) {
        watch = {found.st_ino, found.st_size, modified, clock_.monotonic(), 0, false, true};
    }
    ++watch.looks;
    watch.seen = true;
    return &watch;
}

bool Inbox::is_quiet(const Watch& watch) const {
    return watch.looks >= kLooksMin && clock_.monotonic() - watch.since >= quiet_;
}

}  // namespace pleiade::ingest
