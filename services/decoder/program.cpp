#include "services/decoder/program.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <new>
#include <string>
#include <string_view>

#include "common/vision/decoder_protocol.h"
#include "services/decoder/refusal.h"
#include "services/decoder/sandbox.h"

namespace pleiade::decoder {
namespace protocol = vision::protocol;
namespace {

bool read_option(Job& job, std::string_view option) {
    const std::size_t equals = option.find('=');
    if (!option.starts_with("--") || equals == std::string_view::npos) return false;
    const std::string_view name = option.substr(2, equals - 2);
    const std::string value(option.substr(equals + 1));
    if (name == "first")
        job.first = std::atoi(value.c_str());
    else if (name == "count")
        job.count = std::atoi(value.c_str());
    else if (name == "codes")
        job.codes = value == "1";
    else if (name == "pixels")
        job.pixels = value == "1";
    else if (name == "render-dpi")
        job.render_dpi = std::atof(value.c_str());
    else if (name == "page-pixels-max")
        job.page_pixels_max = std::strtoull(value.c_str(), nullptr, 10);
    else if (name == "pages-max")
        job.pages_max = std::atoi(value.c_str());
    else if (name == "memory-bytes")
        job.memory_bytes = std::strtoull(value.c_str(), nullptr, 10);
    else if (name == "cpu-seconds")
        job.cpu_seconds = std::atoi(value.c_str());
    else
        return false;
    return true;
}

int exit_code_of(const Job& job, Run run) {
    struct stat status {};
    if (::fstat(protocol::kInputFd, &status) != 0 || status.st_size <= 0) return protocol::kExitUsage;
    const std::size_t size = static_cast<std::size_t>(status.st_size);
    try {
        sandbox::lock_down(limits_of(job));
    } catch (const std::exception&) {
        return protocol::kExitNoSandbox;
    }
    Output output(protocol::kOutputFd);
    try {
        void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, protocol::kInputFd, 0);
        if (mapped == MAP_FAILED) throw std::bad_alloc();
        run(job, Bytes(static_cast<const std::uint8_t*>(mapped), size), output);
        output.end();
    } catch (const Refusal& refusal) {
        output.verdict(refusal.code(), refusal.what());
    } catch (const std::bad_alloc&) {
        output.verdict(kLimit, "decoding needs more memory than the limit");
    } catch (const std::exception&) {
        return EXIT_FAILURE;  // nobody foresaw it: the parent calls it a crash
    }
    return protocol::kExitDone;
}

}  // namespace

std::optional<Job> job_of(int count, char** arguments) {
    if (count < 2) return std::nullopt;
    Job job;
    job.format = arguments[1];
    for (int i = 2; i < count; ++i) {
        if (!read_option(job, arguments[i])) return std::nullopt;
    }
    return job;
}

void decode(const Job& job, Run run) {
    const int code = exit_code_of(job, run);
    _exit(code);  // no destructor of a library runs after hostile input
}

}  // namespace pleiade::decoder
