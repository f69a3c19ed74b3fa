#include "services/gateway/pages/sandboxed_images.h"

#include "common/vision/child_process.h"
#include "common/vision/encode.h"
#include "services/gateway/pages/grey_png.h"
#include "services/gateway/pages/thumbnails.h"

namespace pleiade::gateway {

namespace {

constexpr int kJpegQuality = 75;
constexpr std::size_t kThumbnailBytes = 8 << 20;  // some 500 pages: what a room of keyers has in front of it

EncodedPage for_browsers(vision::EncodedImage image) {
    return {std::string(image.bytes.begin(), image.bytes.end()), std::move(image.mime_type)};
}

vision::EncodedImage encode_as(const vision::PageImage& page, const PageImageRequest& request) {
    if (request.thumbnail) return vision::encode_thumbnail(page);
    if (request.full && !page.bitonal) return vision::encode_full(page);
    switch (request.format) {
        case ImageFormat::Best:
            return vision::encode_page(page);
        case ImageFormat::Jpeg:
            return vision::encode_jpeg(page.grey, kJpegQuality);
        case ImageFormat::Png:
            break;
    }
    if (page.bitonal) return vision::encode_png_1bit(page.grey);
    return {grey_png(page.grey.data, page.grey.cols, page.grey.rows, static_cast<std::ptrdiff_t>(page.grey.step[0])),
            "image/png", page.grey.cols, page.grey.rows};
}

class SandboxedImages final : public PageImages {
  public:
    SandboxedImages(const vault::Vault& vault, const vision::DecodeLimits& limits) : vault_(vault), limits_(limits) {}

    Result<EncodedPage> encode(const PageImageRequest& request) override {
        if (request.thumbnail) {
            if (auto kept = thumbnails_.find(request)) return std::move(*kept);
        }
        const auto opened = vault_.open(request.pli, request.sha256);
        if (!opened) return pass_on(opened);
        const vision::FileDescriptor file(*opened);
        vision::DecodeOptions options;
        options.limits = limits_;
        options.codes = false;
        options.only_index = request.index;
        const auto decoded = vision::decode_fd(file.get(), options);
        if (!decoded) return pass_on(decoded);
        if (decoded->pages.empty() || decoded->pages.front().grey.empty()) {
            return invalid("REJ_FILE_CORRUPT", "the file no longer holds this page");
        }
        const auto& page = decoded->pages.front();
        if (!request.thumbnail) thumbnails_.keep(request, for_browsers(vision::encode_thumbnail(page)));
        return for_browsers(encode_as(page, request));
    }

  private:
    const vault::Vault& vault_;
    const vision::DecodeLimits limits_;
    Thumbnails thumbnails_{kThumbnailBytes};
};

}  // namespace

vision::DecodeLimits decode_limits(const runtime::Settings& settings) {
    vision::DecodeLimits limits;
    limits.memory_bytes = settings.decoder.memory_bytes;
    limits.cpu = std::chrono::seconds(settings.decoder.cpu_seconds);
    limits.wall = std::chrono::seconds(settings.decoder.wall_seconds);
    limits.file_bytes_max = settings.decoder.file_bytes_max;
    limits.page_pixels_max = settings.decoder.page_pixels_max;
    limits.pages_max = settings.decoder.pages_max;
    return limits;
}

std::unique_ptr<PageImages> sandboxed_images(const vault::Vault& vault, const vision::DecodeLimits& limits) {
    return std::make_unique<SandboxedImages>(vault, limits);
}

}  // namespace pleiade::gateway
