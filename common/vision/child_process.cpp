#include "common/vision/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "common/base/check.h"

namespace pleiade::vision {
namespace {

// Above every number that a child's descriptor may have, so that no dup2 overwrites the source of the next one.
constexpr int kSafeDescriptor = 32;

// A child lives for one file and asks for pictures of many megabytes, time and again. By default each of them is
// fetched from the kernel and given back, a third of what the decoder costs: so memory is taken in huge pages and kept.
constexpr char kMemoryKept[] =
    "GLIBC_TUNABLES=glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=1073741824:"
    "glibc.malloc.trim_threshold=1073741824:glibc.malloc.top_pad=33554432";

struct Actions {
    posix_spawn_file_actions_t actions;
    Actions() { PLEIADE_CHECK(posix_spawn_file_actions_init(&actions) == 0); }
    ~Actions() { posix_spawn_file_actions_destroy(&actions); }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;
};

struct Attributes {
    posix_spawnattr_t attributes;
    Attributes() {
        PLEIADE_CHECK(posix_spawnattr_init(&attributes) == 0);
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    ~Attributes() { posix_spawnattr_destroy(&attributes); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
};

double milliseconds(const timeval& t) {
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3;
}

// True once the child has ended; false at the deadline.
bool ended_before(int pidfd, std::chrono::steady_clock::time_point deadline) {
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        pollfd waiting{pidfd, POLLIN, 0};
        const int ready = ::poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
        if (ready > 0) return true;
        if (ready == 0) return false;
        PLEIADE_CHECK(errno == EINTR);
    }
}

}  // namespace

FileDescriptor::~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
}
FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
    if (this != &other) {
        if (fd_ >= 0) ::close(fd_);
        fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
}

Result<ChildEnd> run_child(const ChildPlan& plan) {
    Actions files;
    Attributes attributes;
    std::vector<FileDescriptor> sources;
    int highest = 2;
    for (int standard : {0, 1, 2}) {
        posix_spawn_file_actions_addopen(&files.actions, standard, "/dev/null", O_RDWR, 0);
    }
    for (const auto& [ours, its] : plan.descriptors) {
        PLEIADE_CHECK(its >= 0 && its < kSafeDescriptor);
        sources.emplace_back(::fcntl(ours, F_DUPFD_CLOEXEC, kSafeDescriptor));
        if (!sources.back().valid()) return unavailable("DECODER_UNAVAILABLE", "no descriptor left for the decoder");
        posix_spawn_file_actions_adddup2(&files.actions, sources.back().get(), its);
        highest = std::max(highest, its);
    }
    posix_spawn_file_actions_addclosefrom_np(&files.actions, highest + 1);

    std::vector<char*> arguments{const_cast<char*>(plan.program.c_str())};
    for (const std::string& argument : plan.arguments) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    std::string locale = "LC_ALL=C", memory = kMemoryKept;
    char* environment[] = {locale.data(), memory.data(), nullptr};

    const auto deadline = std::chrono::steady_clock::now() + plan.wall;
    pid_t pid = 0;
    const int failed = ::posix_spawn(&pid, plan.program.c_str(), &files.actions, &attributes.attributes,
                                     arguments.data(), environment);
    if (failed != 0) {
        return unavailable("DECODER_UNAVAILABLE",
                           "the decoder could not be started (" + std::string(std::strerror(failed)) + ")");
    }
    ChildEnd end;
    const FileDescriptor pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    // Without a pidfd (no descriptor left) there is no timer: the child cannot be left to itself.
    if (!pidfd.valid() || !ended_before(pidfd.get(), deadline)) {
        end.timed_out = true;
        ::kill(pid, SIGKILL);
    }
    int status = 0;
    rusage usage{};
    pid_t waited = -1;
    do {
        waited = ::wait4(pid, &status, 0, &usage);
    } while (waited < 0 && errno == EINTR);
    if (waited != pid) return unavailable("DECODER_UNAVAILABLE", "the end of the decoder was not seen");
    if (WIFEXITED(status)) end.exit_code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
    end.cpu_ms = milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
    end.memory_peak_bytes = static_cast<std::size_t>(usage.ru_maxrss) * 1024;
    return end;
}

Result<FileDescriptor> make_memory_file(const char* name) {
    FileDescriptor file(::memfd_create(name, MFD_CLOEXEC));
    if (!file.valid()) return unavailable("DECODER_UNAVAILABLE", "no memory file for the decoder");
    return file;
}

}  // namespace pleiade::vision
