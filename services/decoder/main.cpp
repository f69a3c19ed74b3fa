// pleiade-decoder: opens one received image, or a page that pdftoppm has drawn. Started by common/vision/decode.cpp
// only; see README.md for what it may do.
#include <unistd.h>

#include <cstring>
#include <exception>
#include <string>

#include "common/vision/decoder_protocol.h"
#include "services/decoder/program.h"
#include "services/decoder/run.h"
#include "services/decoder/sandbox.h"

namespace {

using namespace pleiade::decoder;
namespace protocol = pleiade::vision::protocol;

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

}  // namespace

int main(int count, char** arguments) {
    const auto job = job_of(count, arguments);
    if (!job) return protocol::kExitUsage;
    if (job->format == "render") render(*job);
    decode(*job, run_image);
}
