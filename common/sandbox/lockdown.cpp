#include "common/sandbox/lockdown.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>

namespace pleiade::sandbox {
namespace {

void must(bool done, const char* what) {
    if (!done) throw std::runtime_error(what);
}

void limit(int resource, rlim_t soft, rlim_t hard) {
    const rlimit value{soft, hard};
    must(::setrlimit(static_cast<__rlimit_resource>(resource), &value) == 0, "setrlimit");
}

void set_limits(const Limits& limits, rlim_t descriptors) {
    limit(RLIMIT_AS, limits.memory_bytes, limits.memory_bytes);
    // SIGXCPU at the limit, SIGKILL a second later whatever happens.
    limit(RLIMIT_CPU, static_cast<rlim_t>(limits.cpu_seconds), static_cast<rlim_t>(limits.cpu_seconds) + 1);
    limit(RLIMIT_FSIZE, limits.output_bytes, limits.output_bytes);
    limit(RLIMIT_NOFILE, descriptors, descriptors);
    limit(RLIMIT_NPROC, 0, 0);
    limit(RLIMIT_CORE, 0, 0);
    ::signal(SIGXFSZ, SIG_IGN);  // the write fails instead, and is reported
}

void isolate() {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_DUMPABLE, 0);
    // Where unprivileged user namespaces are off, seccomp still refuses every socket.
    (void)::unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC);
    must(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no_new_privs");
}

// The kernel's struct grows with its versions; older headers know only the first member.
struct LandlockRules {
    std::uint64_t files;
    std::uint64_t network;
    std::uint64_t scopes;
};

constexpr std::uint64_t kReadFiles =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;

template <std::size_t N>
void restrict_files(const std::array<const char*, N>& readable) {
    const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return;
    LandlockRules rules{};
    rules.files = (1ull << 13) - 1;
    if (version >= 2) rules.files |= 1ull << 13;  // refer
    if (version >= 3) rules.files |= 1ull << 14;  // truncate
    if (version >= 5) rules.files |= 1ull << 15;  // ioctl on devices
    if (version >= 4) rules.network = 3;          // bind and connect
    if (version >= 6) rules.scopes = 3;           // abstract sockets, signals
    const std::size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
    const int ruleset = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &rules, size, 0));
    must(ruleset >= 0, "landlock ruleset");
    for (const char* path : readable) {
        const int folder = ::open(path, O_PATH | O_CLOEXEC);
        if (folder < 0) continue;
        struct stat status {};
        must(::fstat(folder, &status) == 0, "fstat");
        landlock_path_beneath_attr rule{};
        rule.allowed_access = S_ISDIR(status.st_mode) ? kReadFiles : LANDLOCK_ACCESS_FS_READ_FILE;
        rule.parent_fd = folder;
        const long added = ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
        ::close(folder);
        must(added == 0, "landlock rule");
    }
    must(::syscall(SYS_landlock_restrict_self, ruleset, 0) == 0, "landlock");
    ::close(ruleset);
}

class Filter {
  public:
    explicit Filter(std::uint32_t otherwise) : context_(seccomp_init(otherwise)) {
        must(context_ != nullptr, "seccomp");
    }
    ~Filter() { seccomp_release(context_); }
    Filter(const Filter&) = delete;
    Filter& operator=(const Filter&) = delete;

    template <std::size_t N>
    void set(std::uint32_t action, const std::array<int, N>& calls) {
        for (int call : calls) must(seccomp_rule_add(context_, action, call, 0) == 0, "seccomp rule");
    }
    void set(std::uint32_t action, int call, scmp_arg_cmp argument) {
        must(seccomp_rule_add(context_, action, call, 1, argument) == 0, "seccomp rule");
    }
    void load() { must(seccomp_load(context_) == 0, "seccomp load"); }

  private:
    scmp_filter_ctx context_;
};

// What both programs need to compute and to answer. Memory is never made executable after the lockdown.
constexpr std::array kCompute = {SCMP_SYS(read),         SCMP_SYS(pread64),
                                 SCMP_SYS(write),        SCMP_SYS(pwrite64),
                                 SCMP_SYS(lseek),        SCMP_SYS(fstat),
                                 SCMP_SYS(newfstatat),   SCMP_SYS(close),
                                 SCMP_SYS(munmap),       SCMP_SYS(mremap),
                                 SCMP_SYS(brk),          SCMP_SYS(madvise),
                                 SCMP_SYS(futex),        SCMP_SYS(exit),
                                 SCMP_SYS(exit_group),   SCMP_SYS(rt_sigreturn),
                                 SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
                                 SCMP_SYS(sigaltstack),  SCMP_SYS(clock_gettime),
                                 SCMP_SYS(gettimeofday), SCMP_SYS(getrandom),
                                 SCMP_SYS(getpid),       SCMP_SYS(gettid),
                                 SCMP_SYS(sched_yield),  SCMP_SYS(restart_syscall),
                                 SCMP_SYS(getrusage)};

}  // namespace

void lock_down(const Limits& limits) {
    set_limits(limits, 16);
    isolate();
    restrict_files(std::array<const char*, 0>{});
    Filter filter(SCMP_ACT_KILL_PROCESS);
    filter.set(SCMP_ACT_ALLOW, kCompute);
    filter.set(SCMP_ACT_ALLOW, SCMP_SYS(mmap), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    filter.set(SCMP_ACT_ALLOW, SCMP_SYS(mprotect), SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    // abort() of a library raises a signal in this process only.
    filter.set(SCMP_ACT_ALLOW, SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid())));
    // Libraries ask politely and take no for an answer.
    filter.set(SCMP_ACT_ERRNO(EACCES),
               std::array{SCMP_SYS(openat), SCMP_SYS(open), SCMP_SYS(access), SCMP_SYS(readlink), SCMP_SYS(stat),
                          SCMP_SYS(ioctl), SCMP_SYS(prlimit64), SCMP_SYS(sysinfo), SCMP_SYS(uname),
                          SCMP_SYS(sched_getaffinity), SCMP_SYS(fcntl)});
    filter.load();
}

void become(const Limits& limits, const char* program, char* const arguments[]) {
    set_limits(limits, 64);
    isolate();
    restrict_files(std::array{"/usr", "/lib", "/lib64", "/etc/fonts", "/etc/ld.so.cache", "/var/cache/fontconfig",
                              "/usr/share/poppler", "/etc/papersize"});
    Filter filter(SCMP_ACT_ERRNO(EPERM));
    filter.set(SCMP_ACT_ALLOW, kCompute);
    filter.set(SCMP_ACT_ALLOW, std::array{SCMP_SYS(mmap),
                                          SCMP_SYS(mprotect),
                                          SCMP_SYS(execve),
                                          SCMP_SYS(arch_prctl),
                                          SCMP_SYS(set_tid_address),
                                          SCMP_SYS(set_robust_list),
                                          SCMP_SYS(rseq),
                                          SCMP_SYS(prlimit64),
                                          SCMP_SYS(stat),
                                          SCMP_SYS(lstat),
                                          SCMP_SYS(access),
                                          SCMP_SYS(readlink),
                                          SCMP_SYS(getdents64),
                                          SCMP_SYS(fcntl),
                                          SCMP_SYS(statfs),
                                          SCMP_SYS(fstatfs),
                                          SCMP_SYS(getuid),
                                          SCMP_SYS(geteuid),
                                          SCMP_SYS(getgid),
                                          SCMP_SYS(getegid),
                                          SCMP_SYS(uname),
                                          SCMP_SYS(sysinfo),
                                          SCMP_SYS(getcwd),
                                          SCMP_SYS(sched_getaffinity),
                                          SCMP_SYS(clock_getres),
                                          SCMP_SYS(times)});
    filter.set(SCMP_ACT_ALLOW, SCMP_SYS(openat), SCMP_A2(SCMP_CMP_MASKED_EQ, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC, 0));
    filter.set(SCMP_ACT_ALLOW, SCMP_SYS(open), SCMP_A1(SCMP_CMP_MASKED_EQ, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC, 0));
    filter.set(SCMP_ACT_ALLOW, SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid())));
    filter.load();
    static char locale[] = "LC_ALL=C";
    static char* const environment[] = {locale, nullptr};
    ::execve(program, arguments, environment);
    throw std::runtime_error("exec");
}

}  // namespace pleiade::sandbox
