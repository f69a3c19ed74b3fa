// pleiade-binder: puts received scans into one PDF, locked in. Started by the gateway only (services/gateway/pages);
// request.h says how it is called, README.md what it may do.
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>

#include "common/sandbox/lockdown.h"
#include "services/binder/bind.h"

namespace {

using namespace pleiade;
using namespace pleiade::binder;

constexpr std::uint64_t kOutputBytesMax = 512ull << 20;

bool write_all(const std::string& bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto n = ::write(kOutputFd, bytes.data() + done, bytes.size() - done);
        if (n <= 0) return false;
        done += static_cast<std::size_t>(n);
    }
    return true;
}

int run(const Request& request) {
    struct stat status {};
    if (::fstat(kInputFd, &status) != 0 || status.st_size <= 0) return kExitUsage;
    const auto size = static_cast<std::size_t>(status.st_size);
    try {
        sandbox::lock_down({request.memory_bytes, request.cpu_seconds, kOutputBytesMax});
    } catch (const std::exception&) {
        return kExitNoSandbox;
    }
    try {
        void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, kInputFd, 0);
        if (mapped == MAP_FAILED) return kExitUnreadable;
        const auto pdf = bind(request, {static_cast<const std::uint8_t*>(mapped), size});
        return write_all(pdf) ? kExitDone : kExitUnreadable;
    } catch (const std::exception&) {
        return kExitUnreadable;
    }
}

}  // namespace

int main(int count, char** arguments) {
    const auto request = parse_request(count, arguments);
    if (!request) return kExitUsage;
    const int code = run(*request);
    _exit(code);  // no destructor of a library runs after hostile input
}
