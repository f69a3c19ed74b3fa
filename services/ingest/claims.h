// What this process has taken out of the inbox and not released yet: inbox/.claimed/<instance>/.
//
// Operation: a claim is one rename, so two ingesters cannot hold the same source. The instance's folder is locked for
// as long as its process lives; the claims of one that died are adopted by whoever finds its folder unlocked, in place.
// Layout: lot/<folder>, file/<caisse, or _ >/<day it came>/<name>, and plan/<digits>.json (release.h). The day is in
// the path because the rename that claims a file also makes its arrival unknown.
// Concurrency: one thread per object. Limits: a file system that knows flock and rename across its folders.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/domain/reading.h"
#include "services/ingest/safe_file.h"

namespace pleiade::ingest {

struct Claim {
    std::string path;
    bool loose_file = false;
    Caisse caisse;     // of a loose file; empty: the configured one
    Date received_on;  // of a loose file
    std::string plan_folder;
    std::string plan_name;
};

class Claims {
  public:
    // Error CLAIMS_IN_USE (Conflict): another process of this name is alive; RELEASE_IO.
    static Result<Claims> open(const std::string& inbox, const std::string& instance);

    // Ours and those of the dead, oldest name first.
    std::vector<Claim> held();
    // False when the source is gone, or one of the same name is still being worked on.
    Result<bool> take_lot(const std::string& path, Claim& claim);
    Result<bool> take_file(const std::string& path, const Caisse& caisse, const Date& received_on, Claim& claim);

  private:
    Claims(std::string root, std::string own, Fd lock)
        : root_(std::move(root)), own_(std::move(own)), lock_(std::move(lock)) {}
    void adopt_the_dead();
    static void list(const std::string& folder, std::vector<Claim>& claims);
    Result<bool> take(const std::string& path, const std::string& folder, Claim& claim);

    std::string root_;  // inbox/.claimed
    std::string own_;
    Fd lock_;
    std::map<std::string, Fd> adopted_;  // folder -> its lock
};

}  // namespace pleiade::ingest
