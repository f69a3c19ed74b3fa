#include "services/ingest/file_inspector.h"

#include "common/vision/decode.h"

namespace pleiade::ingest {
namespace {

constexpr int kCrashTries = 3;
constexpr int kLimitTries = 2;

vision::DecodeLimits limits_of(const runtime::Settings::Decoder& settings) {
    vision::DecodeLimits limits;
    limits.memory_bytes = settings.memory_bytes;
    limits.cpu = std::chrono::seconds(settings.cpu_seconds);
    limits.wall = std::chrono::seconds(settings.wall_seconds);
    limits.file_bytes_max = settings.file_bytes_max;
    limits.page_pixels_max = settings.page_pixels_max;
    limits.pages_max = settings.pages_max;
    return limits;
}

int tries_for(const Error& error) {
    if (error.code == "REJ_DECODER_CRASH") return kCrashTries;
    if (error.code == "REJ_DECODER_LIMIT") return kLimitTries;
    return 1;
}

}  // namespace

InspectFile sandbox_inspector(const runtime::Settings::Decoder& settings) {
    vision::DecodeOptions options;
    options.limits = limits_of(settings);
    options.pixels = false;
    return [options](int fd, bool codes) -> Result<InspectedFile> {
        auto asked = options;
        asked.codes = codes;
        for (int tried = 1;; ++tried) {
            const auto decoded = vision::decode_fd(fd, asked);
            if (!decoded) {
                if (tried < tries_for(decoded.error())) continue;
                return pass_on(decoded);
            }
            InspectedFile file;
            file.pages.resize(decoded->sizes.size());
            for (std::size_t i = 0; i < decoded->pages.size() && i < file.pages.size(); ++i) {
                file.pages[i].codes = decoded->pages[i].codes;
                file.pages[i].codes_complete = decoded->pages[i].codes_complete;
            }
            return file;
        }
    };
}

}  // namespace pleiade::ingest
