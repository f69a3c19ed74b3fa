// A full disk, one without inodes, one that is read-only: small file systems of memory, mounted for the time of a test.
// What the kernel refuses is SKIPPED, and the bench is then not green.
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

#include "tests/faults/bench.h"
#include "tests/faults/checker.h"
#include "tests/faults/office.h"
#include "tests/faults/scratch.h"

namespace pleiade::faults {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t kLeastFree = 12u << 20;

class Mount {
  public:
    Mount(std::string folder, const std::string& options) : folder_(std::move(folder)) {
        fs::create_directories(folder_);
        mounted_ = ::mount("pleiade-faults", folder_.c_str(), "tmpfs", 0, options.c_str()) == 0;
    }
    ~Mount() {
        if (mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
    }
    Mount(const Mount&) = delete;
    Mount& operator=(const Mount&) = delete;
    explicit operator bool() const { return mounted_; }
    bool read_only(bool wanted) const {
        return ::mount("pleiade-faults", folder_.c_str(), "tmpfs", MS_REMOUNT | (wanted ? MS_RDONLY : 0), "") == 0;
    }

  private:
    std::string folder_;
    bool mounted_ = false;
};

bool said_in_logs(const std::string& logs, const std::string& words) {
    for (const auto& entry : fs::directory_iterator(logs)) {
        std::ifstream stream(entry.path());
        const std::string text(std::istreambuf_iterator<char>(stream), {});
        if (text.find(words) != std::string::npos) return true;
    }
    return false;
}

// Seconds until it holds, with the chain kept alive; -1 when it never does.
double seconds_until(Chain& chain, seconds patience, const std::function<bool()>& holds) {
    const auto began = Chain::Clock::now();
    while (Chain::Clock::now() - began < patience) {
        chain.tick();
        if (holds()) return std::chrono::duration<double>(Chain::Clock::now() - began).count();
        std::this_thread::sleep_for(milliseconds(50));
    }
    return -1;
}

long long plis_in(const Chain& chain) {
    return count_in(chain.home(), "SELECT count(*) FROM pli");
}

void fill(const std::string& path, std::uint64_t leave_bytes) {
    struct statvfs disk {};
    ::statvfs(fs::path(path).parent_path().c_str(), &disk);
    const auto free_bytes = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
    std::ofstream file(path, std::ios::binary);
    const std::string block(64 << 10, 'x');
    for (std::uint64_t written = 0; written + leave_bytes < free_bytes && file; written += block.size()) file << block;
}

struct Trouble {
    const char* name;
    const char* options;  // of the mount
    const char* alarm;    // words of a log
    bool stops_admission;
    std::function<bool(const std::string& home, Chain& chain, const Mount& mount)> begin;
    std::function<void(const std::string& home, Chain& chain, const Mount& mount)> end;
};

bool one(const Options& options, const Trouble& trouble) {
    const Scratch scratch(options.folder);
    const std::string home = scratch.path() + "/small";
    const Mount mount(home, trouble.options);
    if (!mount) return figure(trouble.name, "SKIPPED", "mount refused by the kernel", false);
    // The logs stand elsewhere: an alarm that cannot be written is none.
    fs::create_directories(scratch.path() + "/logs");
    fs::create_directory_symlink(scratch.path() + "/logs", home + "/logs");
    Chain chain({.bin = options.bin, .home = home, .readers = 1, .hub_disk_free_bytes_min = kLeastFree});
    chain.start_all();
    Office office(chain, options.seed, milliseconds(150), 3);
    bool good = figure(fmt::format("{}: mail flows before", trouble.name), "", "yes",
                       seconds_until(chain, seconds(30), [&] { return plis_in(chain) > 30; }) >= 0);
    good &= trouble.begin(home, chain, mount);
    const double alarm =
        seconds_until(chain, seconds(30), [&] { return said_in_logs(scratch.path() + "/logs", trouble.alarm); });
    good &= figure(fmt::format("{}: alarm after, s", trouble.name), fmt::format("{:.1f}", alarm), "10",
                   alarm >= 0 && alarm <= 10);
    if (trouble.stops_admission) {
        // What was under way when the hub looked at its disk, once a second, has come through.
        seconds_until(chain, seconds(2), [] { return false; });
        const auto stopped_at = plis_in(chain);
        seconds_until(chain, seconds(5), [] { return false; });
        const auto since = plis_in(chain) - stopped_at;
        good &= figure(fmt::format("{}: plis admitted in 5 s under the threshold", trouble.name), std::to_string(since),
                       "0", stopped_at > 0 && since == 0);
    } else {
        seconds_until(chain, seconds(5), [] { return false; });  // it lasts
    }
    trouble.end(home, chain, mount);
    const auto before = plis_in(chain);
    const double resumed =
        seconds_until(chain, seconds(60), [&] { return plis_in(chain) > std::max(0ll, before) + 3; });
    good &= figure(fmt::format("{}: mail flows again after, s", trouble.name), fmt::format("{:.1f}", resumed), "30",
                   resumed >= 0 && resumed <= 30);
    const bool over = wait_until_over(chain, office, seconds(120));
    office.finish();
    good &= figure(fmt::format("{}: all over", trouble.name), over ? "yes" : "no", "yes", over);
    good &= judge(chain.home(), office.history(), over);
    chain.stop();
    return good;
}

}  // namespace

bool disks(const Options& options) {
    const Trouble troubles[] = {
        {"nearly full", "size=64m", "nearly full", true,
         [](const std::string& home, Chain&, const Mount&) {
             fill(home + "/filler", kLeastFree / 2);
             return true;
         },
         [](const std::string& home, Chain&, const Mount&) { fs::remove(home + "/filler"); }},
        {"full to the last byte", "size=64m", "ballast was given up", true,
         [](const std::string& home, Chain&, const Mount&) {
             fill(home + "/filler", 0);
             return true;
         },
         [](const std::string& home, Chain&, const Mount&) { fs::remove(home + "/filler"); }},
        {"out of inodes", "size=64m,nr_inodes=3000", "nearly full", true,
         [](const std::string& home, Chain&, const Mount&) {
             fs::create_directories(home + "/many");
             for (int i = 0; std::ofstream(fmt::format("{}/many/{}", home, i)).good(); ++i) {
             }
             return true;
         },
         [](const std::string& home, Chain&, const Mount&) { fs::remove_all(home + "/many"); }},
        {"read-only", "size=64m", "may this user write there", false,
         [](const std::string&, Chain& chain, const Mount& mount) {
             // A file system with files open for writing cannot be made read-only: the disk was, while nobody ran.
             for (const auto& name : chain.names()) chain.kill(name);
             for (int tries = 0; tries < 200; ++tries) {
                 if (mount.read_only(true)) return true;
                 std::this_thread::sleep_for(milliseconds(5));
             }
             return figure("read-only", "SKIPPED", "remount refused by the kernel", false);
         },
         [](const std::string&, Chain&, const Mount& mount) { mount.read_only(false); }},
    };
    bool good = true;
    for (const auto& trouble : troubles) {
        if (options.only.empty() || options.only == trouble.name) good &= one(options, trouble);
    }
    return good;
}

}  // namespace pleiade::faults
