#include "common/vision/decode.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>

#include "common/vision/child_process.h"
#include "common/vision/record_reader.h"

namespace pleiade::vision {
namespace {

namespace fs = std::filesystem;

// What opens `format`, beside this program or where the environment says.
std::string decoder_program(std::string_view format) {
    if (const char* named = std::getenv("PLEIADE_DECODER")) return named;
    std::error_code ignored;
    const char* program = format == "pdf" ? "pleiade-pdf-decoder" : "pleiade-decoder";
    const fs::path beside = fs::read_symlink("/proc/self/exe", ignored).parent_path() / program;
    if (fs::exists(beside, ignored)) return beside.string();
    if (const char* folder = std::getenv("PLEIADE_BIN")) return (fs::path(folder) / program).string();
    return beside.string();
}

Result<std::string> tell_format(int fd, const DecodeLimits& limits) {
    struct stat status {};
    if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        return invalid("REJ_FORMAT_UNKNOWN", "not a file");
    }
    if (status.st_size == 0) return invalid("REJ_FILE_EMPTY", "the file is empty");
    if (static_cast<std::size_t>(status.st_size) > limits.file_bytes_max) {
        return invalid("REJ_TOO_LARGE", "the file takes more bytes than the limit");
    }
    char start[1024];
    const ssize_t n = ::pread(fd, start, sizeof start, 0);
    if (n <= 0) return unavailable("DECODER_UNAVAILABLE", "the file could not be read");
    const std::string_view head(start, static_cast<std::size_t>(n));
    using namespace std::string_view_literals;
    for (std::string_view magic : {"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv}) {
        if (head.starts_with(magic)) return std::string("tiff");
    }
    if (head.starts_with("\xFF\xD8\xFF"sv)) return std::string("jpeg");
    if (head.starts_with("\x89PNG\r\n\x1A\n"sv)) return std::string("png");
    if (head.find("%PDF-"sv) != std::string_view::npos) return std::string("pdf");
    return invalid("REJ_FORMAT_UNKNOWN", "not a TIFF, JPEG, PNG or PDF");
}

struct Request {
    std::string format;  // of the protocol: a format, "pnm" or "render"
    int first = 0;
    int count = protocol::kPagesPerRun;
    bool codes = true;
};

std::vector<std::string> arguments_of(const Request& request, const DecodeOptions& options) {
    const auto option = [](const char* name, const auto& value) {
        return "--" + (name + ("=" + std::to_string(value)));
    };
    const DecodeLimits& limits = options.limits;
    return {request.format,
            option("first", request.first),
            option("count", request.count),
            option("codes", int(request.codes)),
            option("pixels", int(options.pixels)),
            option("render-dpi", options.render_dpi),
            option("page-pixels-max", limits.page_pixels_max),
            option("pages-max", limits.pages_max),
            option("memory-bytes", limits.memory_bytes),
            option("cpu-seconds", limits.cpu.count())};
}

Result<ChildEnd> start_child(const Request& request, const DecodeOptions& options,
                             std::vector<std::pair<int, int>> descriptors) {
    ChildPlan plan{decoder_program(request.format), arguments_of(request, options), std::move(descriptors),
                   options.limits.wall};
    auto end = run_child(plan);
    if (end && options.cost) {
        options.cost->cpu_ms += end->cpu_ms;
        options.cost->memory_peak_bytes = std::max(options.cost->memory_peak_bytes, end->memory_peak_bytes);
        ++options.cost->children;
    }
    return end;
}

// What the way a child ended says, when it left no better explanation. Nothing when it ended well.
std::optional<Error> judge(const ChildEnd& end, const DecodeLimits& limits) {
    if (end.timed_out) {
        // A child that hardly ran was kept waiting by the machine; the letter is not to blame.
        const double worked = end.cpu_ms / std::chrono::duration<double, std::milli>(limits.cpu).count();
        if (worked < 0.1) {
            return Error{ErrorKind::Unavailable, "DECODER_UNAVAILABLE",
                         "the machine is too busy to open the file in time"};
        }
        return Error{ErrorKind::Invalid, "REJ_DECODER_LIMIT", "decoding takes longer than the limit"};
    }
    if (end.signal == SIGXCPU || end.signal == SIGKILL) {
        return Error{ErrorKind::Invalid, "REJ_DECODER_LIMIT", "decoding takes more CPU than the limit"};
    }
    if (end.signal == SIGSYS) {
        return Error{ErrorKind::Invalid, "REJ_DECODER_CRASH", "the decoder tried what it may not do"};
    }
    if (end.signal != 0) {
        return Error{ErrorKind::Invalid, "REJ_DECODER_CRASH",
                     "the decoder crashed on this file (signal " + std::to_string(end.signal) + ")"};
    }
    switch (end.exit_code) {
        case protocol::kExitDone:
            return std::nullopt;
        case protocol::kExitNoSandbox:
            return Error{ErrorKind::Unavailable, "DECODER_UNAVAILABLE", "the decoder could not lock itself in"};
        case protocol::kExitNoRenderer:
            return Error{ErrorKind::Unavailable, "DECODER_UNAVAILABLE",
                         "pdftoppm could not be started: install poppler-utils"};
        case protocol::kExitUsage:
        case 127:
            return Error{ErrorKind::Unavailable, "DECODER_UNAVAILABLE", "the decoder could not be started"};
        default:
            return Error{ErrorKind::Invalid, "REJ_DECODER_CRASH",
                         "the decoder failed on this file (exit " + std::to_string(end.exit_code) + ")"};
    }
}

// One run of the decoder. Once every pixel is safe, whatever ends the child costs barcodes only.
Result<RunRecords> run_decoder(int fd, const Request& request, const DecodeOptions& options) {
    auto output = make_memory_file("pleiade-pages");
    if (!output) return pass_on(output);
    const auto end = start_child(request, options, {{fd, protocol::kInputFd}, {output->get(), protocol::kOutputFd}});
    if (!end) return pass_on(end);
    RunRecords run = read_records(output->get(), {request.first, request.count, options.limits.pages_max,
                                                  options.limits.page_pixels_max, options.pixels});
    const auto bad_end = judge(*end, options.limits);
    if (bad_end && bad_end->kind == ErrorKind::Unavailable) return tl::unexpected(*bad_end);
    if (run.malformed) return invalid("REJ_DECODER_CRASH", "the decoder left an output that cannot be");
    if (run.verdict && !run.next_page) return tl::unexpected(*run.verdict);
    if (run.next_page) return run;
    if (bad_end) return tl::unexpected(*bad_end);
    return invalid("REJ_DECODER_CRASH", "the decoder stopped without a word");
}

// Pages first..first+count-1 of a PDF through pdftoppm, then through the decoder like any other image.
Result<RunRecords> render(int fd, int first, int count, const DecodeOptions& options) {
    auto rendered = make_memory_file("pleiade-render");
    if (!rendered) return pass_on(rendered);
    // A description of its own: the child must not move our offset.
    const std::string path = "/proc/self/fd/" + std::to_string(fd);
    const FileDescriptor input(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!input.valid()) return unavailable("DECODER_UNAVAILABLE", "the file could not be opened for rendering");
    const auto end = start_child({"render", first, count, false}, options,
                                 {{input.get(), STDIN_FILENO}, {rendered->get(), STDOUT_FILENO}});
    if (!end) return pass_on(end);
    if (const auto bad_end = judge(*end, options.limits)) {
        if (end->exit_code > 0 && bad_end->kind == ErrorKind::Invalid) {
            return invalid("REJ_FILE_CORRUPT", "a page of the PDF cannot be rendered");
        }
        return tl::unexpected(*bad_end);
    }
    struct stat status {};
    if (::fstat(rendered->get(), &status) != 0 || status.st_size == 0) {
        return invalid("REJ_FILE_CORRUPT", "a page of the PDF cannot be rendered");
    }
    auto run = run_decoder(rendered->get(), {"pnm", 0, count, options.codes}, options);
    if (!run) return run;
    if (run->page_total != count || *run->next_page != count) {
        return invalid("REJ_FILE_CORRUPT", "a page of the PDF cannot be rendered");
    }
    return run;
}

void add_page(DecodedFile& file, PageImage page, cv::Size size, const DecodeOptions& options) {
    if (!options.codes) page.codes_complete = true;  // nobody looked, nothing is missing
    file.pages.push_back(std::move(page));
    file.sizes.push_back(size);
}

// Takes the pages of a run in order, rendering runs of neighbours where the PDF needs it.
Result<void> take_run(int fd, RunRecords run, int first, DecodedFile& file, const DecodeOptions& options) {
    const bool rendering = options.pixels || options.codes;
    int index = first;
    while (index < *run.next_page) {
        const auto page = run.pages.find(index);
        if (page != run.pages.end()) {
            add_page(file, std::move(page->second), run.sizes.at(index), options);
            ++index;
            continue;
        }
        int count = 1;
        while (index + count < *run.next_page && !run.pages.contains(index + count)) ++count;
        if (rendering) {
            auto rendered = render(fd, index, count, options);
            if (!rendered) return pass_on(rendered);
            for (int n = 0; n < count; ++n) {
                add_page(file, std::move(rendered->pages.at(n)), rendered->sizes.at(n), options);
            }
        } else {
            for (int n = 0; n < count; ++n) {
                PageImage page_alone;
                page_alone.dpi_x = page_alone.dpi_y = options.render_dpi;
                add_page(file, std::move(page_alone), run.sizes.at(index + n), options);
            }
        }
        index += count;
    }
    return {};
}

}  // namespace

Result<DecodedFile> decode_fd(int fd, const DecodeOptions& options) {
    const auto format = tell_format(fd, options.limits);
    if (!format) return pass_on(format);
    DecodedFile file;
    file.format = *format;
    const bool one = options.only_index >= 0;
    int next = one ? options.only_index : 0;
    for (;;) {
        auto run = run_decoder(fd, {*format, next, one ? 1 : protocol::kPagesPerRun, options.codes}, options);
        if (!run) return pass_on(run);
        if (file.page_total != 0 && file.page_total != run->page_total) {
            return invalid("REJ_DECODER_CRASH", "the decoder counts pages differently each time");
        }
        file.page_total = run->page_total;
        if (one && next >= file.page_total) return not_found("PAGE_NOT_FOUND", "the file has no such page");
        const int after = *run->next_page;
        if (auto taken = take_run(fd, std::move(*run), next, file, options); !taken) return pass_on(taken);
        next = after;
        if (one || next >= file.page_total) return file;
    }
}

Result<DecodedFile> decode_file(const std::string& path, const DecodeOptions& options) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.valid()) {
        return fail(errno == ENOENT ? ErrorKind::NotFound : ErrorKind::Unavailable, "FILE_UNREADABLE",
                    "the file cannot be opened (" + std::string(std::strerror(errno)) + ")");
    }
    return decode_fd(file.get(), options);
}

}  // namespace pleiade::vision
