#include "services/ingest/claims.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "common/base/sha256.h"
#include "common/vault/posix/sync.h"
#include "services/ingest/durable_file.h"
#include "services/ingest/manifest.h"
#include "services/ingest/text.h"

namespace pleiade::ingest {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNoCaisse = "_";

std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        names.push_back(entry->path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

// Not locked: -1.
Fd lock_folder(const std::string& folder) {
    Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return Fd();
    return fd;
}

Claim claim_at(const std::string& path, const std::string& owner) {
    Claim claim;
    claim.path = path;
    claim.plan_folder = owner + "/plan";
    claim.plan_name = sha256_hex(path.substr(owner.size())).substr(0, 32) + ".json";
    return claim;
}

}  // namespace

Result<Claims> Claims::open(const std::string& inbox, const std::string& instance) {
    const auto root = inbox + "/.claimed";
    const auto own = root + "/" + folder_name(instance);
    for (const auto* part : {"/lot", "/file", "/plan"}) {
        if (auto made = make_folders(own + part); !made) return pass_on(made);
    }
    auto lock = lock_folder(own);
    if (!lock) {
        return conflict("CLAIMS_IN_USE", "another ingest named " + instance +
                                             " works on this inbox: stop it, or give this one another --name");
    }
    return Claims(root, own, std::move(lock));
}

std::vector<Claim> Claims::held() {
    adopt_the_dead();
    std::vector<Claim> claims;
    list(own_, claims);
    for (auto adopted = adopted_.begin(); adopted != adopted_.end();) {
        const auto before = claims.size();
        list(adopted->first, claims);
        adopted = claims.size() == before ? adopted_.erase(adopted) : std::next(adopted);  // emptied: let it go
    }
    return claims;
}

void Claims::adopt_the_dead() {
    for (const auto& name : names_in(root_)) {
        const auto folder = root_ + "/" + name;
        if (folder == own_ || adopted_.contains(folder)) continue;
        std::vector<Claim> claims;
        list(folder, claims);
        if (claims.empty()) continue;
        if (auto lock = lock_folder(folder)) adopted_.emplace(folder, std::move(lock));
    }
}

// A plan whose source has already left is work too: it is found by its source's name no more, so it is listed alone.
void Claims::list(const std::string& folder, std::vector<Claim>& claims) {
    const auto first = claims.size();
    for (const auto& name : names_in(folder + "/lot")) claims.push_back(claim_at(folder + "/lot/" + name, folder));
    for (const auto& caisse : names_in(folder + "/file")) {
        for (const auto& day : names_in(folder + "/file/" + caisse)) {
            const auto parent = folder + "/file/" + caisse + "/" + day;
            for (const auto& name : names_in(parent)) {
                auto claim = claim_at(parent + "/" + name, folder);
                claim.loose_file = true;
                claim.caisse = caisse == kNoCaisse ? "" : caisse;
                claim.received_on = day;
                claims.push_back(std::move(claim));
            }
        }
    }
    for (const auto& plan : names_in(folder + "/plan")) {
        if (plan.starts_with('.')) continue;
        const bool known = std::any_of(claims.begin() + static_cast<std::ptrdiff_t>(first), claims.end(),
                                       [&](const Claim& claim) { return claim.plan_name == plan; });
        if (known) continue;
        Claim claim;
        claim.plan_folder = folder + "/plan";
        claim.plan_name = plan;
        claims.push_back(std::move(claim));
    }
}

Result<bool> Claims::take_lot(const std::string& path, Claim& claim) {
    return take(path, own_ + "/lot", claim);
}

Result<bool> Claims::take_file(const std::string& path, const Caisse& caisse, const Date& received_on, Claim& claim) {
    const auto folder = own_ + "/file/" + (caisse.empty() ? kNoCaisse : caisse) + "/" + received_on;
    if (auto made = make_folders(folder); !made) return made;
    auto taken = take(path, folder, claim);
    claim.loose_file = true;
    claim.caisse = caisse;
    claim.received_on = received_on;
    return taken;
}

Result<bool> Claims::take(const std::string& path, const std::string& folder, Claim& claim) {
    claim = claim_at(folder + "/" + fs::path(path).filename().string(), own_);
    if (::renameat2(AT_FDCWD, path.c_str(), AT_FDCWD, claim.path.c_str(), RENAME_NOREPLACE) == 0) {
        vault::sync_folder_or_abort(folder);
        return true;
    }
    if (errno == ENOENT || errno == EEXIST) return false;
    return source_io("claiming a source");
}

}  // namespace pleiade::ingest
