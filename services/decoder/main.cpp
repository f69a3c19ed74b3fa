// pleiade-decoder: opens one received file, locked in, and writes its pages to the memfd on descriptor 4. Started by
// common/vision/decode.cpp only; see README.md for what it may do.
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <string_view>

#include "common/vision/decoder_protocol.h"
#include "services/decoder/refusal.h"
#include "services/decoder/run.h"
#include "services/decoder/sandbox.h"

namespace {

using namespace pleiade::decoder;
namespace protocol = pleiade::vision::protocol;

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

[[noreturn]] void render(const Job& job) {
    std::string dpi = std::to_string(job.render_dpi);
    std::string first = std::to_string(job.first + 1), last = std::to_string(job.first + job.count);
    char program[] = "/usr/bin/pdftoppm", grey[] = "-gray", crop[] = "-cropbox", quiet[] = "-q", r[] = "-r", f[] = "-f",
         l[] = "-l", input[] = "-";
    char* const arguments[] = {program, quiet,        grey, crop,        r,     dpi.data(),
                               f,       first.data(), l,    last.data(), input, nullptr};
    try {
        pleiade::sandbox::become(limits_of(job), program, arguments);
    } catch (const std::exception& error) {
        _exit(std::strcmp(error.what(), "exec") == 0 ? protocol::kExitNoRenderer : protocol::kExitNoSandbox);
    }
}

int decode(const Job& job) {
    struct stat status {};
    if (::fstat(protocol::kInputFd, &status) != 0 || status.st_size <= 0) return protocol::kExitUsage;
    const std::size_t size = static_cast<std::size_t>(status.st_size);
    try {
        pleiade::sandbox::lock_down(limits_of(job));
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

int main(int count, char** arguments) {
    if (count < 2) return protocol::kExitUsage;
    Job job;
    job.format = arguments[1];
    for (int i = 2; i < count; ++i) {
        if (!read_option(job, arguments[i])) return protocol::kExitUsage;
    }
    if (job.format == "render") render(job);
    const int code = decode(job);
    _exit(code);  // no destructor of a library runs after hostile input
}
