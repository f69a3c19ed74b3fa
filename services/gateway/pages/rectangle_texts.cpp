#include "services/gateway/pages/rectangle_texts.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "common/vision/child_process.h"

namespace pleiade::gateway {

namespace {

constexpr std::chrono::seconds kWall{15};
constexpr std::size_t kTextBytesMax = 64 << 10;
constexpr int kExitDone = 0;
// A rectangle is part of a line or a paragraph; the engine wants some paper around the ink.
constexpr int kMargin = 8;

using vision::FileDescriptor;

struct Pixels {
    int width = 0, height = 0;
    std::vector<unsigned char> grey;
};

// The rectangle, cut to the page, turned upright.
Pixels cut(const vision::PageImage& page, const Box& box, int rotation) {
    const int left = std::clamp(box.x - kMargin, 0, page.grey.cols);
    const int top = std::clamp(box.y - kMargin, 0, page.grey.rows);
    const int right = std::clamp(box.x + box.width + kMargin, 0, page.grey.cols);
    const int bottom = std::clamp(box.y + box.height + kMargin, 0, page.grey.rows);
    const int width = std::max(0, right - left);
    const int height = std::max(0, bottom - top);
    const bool lies = rotation == 90 || rotation == 270;
    Pixels out{lies ? height : width, lies ? width : height, {}};
    out.grey.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    for (int y = 0; y < out.height; ++y) {
        for (int x = 0; x < out.width; ++x) {
            int from_x = x, from_y = y;
            if (rotation == 90) from_x = y, from_y = height - 1 - x;
            if (rotation == 180) from_x = width - 1 - x, from_y = height - 1 - y;
            if (rotation == 270) from_x = width - 1 - y, from_y = x;
            out.grey[static_cast<std::size_t>(y) * static_cast<std::size_t>(out.width) + static_cast<std::size_t>(x)] =
                page.grey.ptr(top + from_y)[left + from_x];
        }
    }
    return out;
}

bool write_all(int fd, const std::vector<unsigned char>& bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto n = ::pwrite(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
        if (n <= 0) return false;
        done += static_cast<std::size_t>(n);
    }
    return true;
}

// First line: the confidence; then the text.
Result<RectangleText> read_answer(int fd) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) return unavailable("OCR_UNAVAILABLE", "the text could not be read back");
    std::string bytes(std::min(static_cast<std::size_t>(status.st_size), kTextBytesMax), '\0');
    const auto got = ::pread(fd, bytes.data(), bytes.size(), 0);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    const auto end = bytes.find('\n');
    RectangleText text;
    if (end == std::string::npos) return invalid("OCR_FAILED", "the OCR program said nothing");
    const auto [stop, error] = std::from_chars(bytes.data(), bytes.data() + end, text.confidence);
    if (error != std::errc{} || stop != bytes.data() + end) {
        return invalid("OCR_FAILED", "the OCR program said something else");
    }
    text.text = bytes.substr(end + 1);
    while (!text.text.empty() && text.text.back() == '\n') text.text.pop_back();
    return text;
}

class SandboxedTexts final : public RectangleTexts {
  public:
    SandboxedTexts(const vault::Vault& vault, const vision::DecodeLimits& limits, std::string program)
        : vault_(vault), limits_(limits), program_(std::move(program)) {}

    Result<RectangleText> read(const RectangleRequest& request) override {
        const auto opened = vault_.open(request.pli, request.sha256);
        if (!opened) return pass_on(opened);
        const FileDescriptor file(*opened);
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
        const Pixels pixels = cut(page, request.box, request.rotation);
        if (pixels.grey.empty()) return invalid("OCR_FAILED", "the rectangle lies outside the page");

        auto input = vision::make_memory_file("ocr-input");
        auto output = vision::make_memory_file("ocr-output");
        if (!input || !output || !write_all(input->get(), pixels.grey)) {
            return unavailable("OCR_UNAVAILABLE", "no memory for the rectangle");
        }
        vision::ChildPlan plan;
        plan.program = program_;
        plan.arguments = {"ocr",
                          "--width",
                          std::to_string(pixels.width),
                          "--height",
                          std::to_string(pixels.height),
                          "--dpi",
                          std::to_string(static_cast<int>(page.dpi_x))};
        if (request.digits) plan.arguments.emplace_back("--digits");
        plan.descriptors = {{input->get(), STDIN_FILENO}, {output->get(), STDOUT_FILENO}};
        plan.wall = kWall;
        const auto end = vision::run_child(plan);
        if (!end) return unavailable("OCR_UNAVAILABLE", end.error().message);
        if (end->exit_code == kExitDone) return read_answer(output->get());
        if (end->signal != 0 || end->timed_out) {
            return invalid("OCR_FAILED", "the rectangle could not be read within the limits");
        }
        return unavailable("OCR_UNAVAILABLE", "pleiade ocr ended with code " + std::to_string(end->exit_code));
    }

  private:
    const vault::Vault& vault_;
    const vision::DecodeLimits limits_;
    const std::string program_;
};

}  // namespace

std::unique_ptr<RectangleTexts> sandboxed_texts(const vault::Vault& vault, const vision::DecodeLimits& limits,
                                                std::string program) {
    return std::make_unique<SandboxedTexts>(vault, limits, std::move(program));
}

}  // namespace pleiade::gateway
