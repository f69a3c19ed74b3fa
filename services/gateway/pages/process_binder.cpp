#include "services/gateway/pages/process_binder.h"

#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "common/vision/child_process.h"

namespace pleiade::gateway {

namespace {

// Descriptors and exit codes of the program: services/binder/request.h.
constexpr int kInputFd = 3, kOutputFd = 4;
constexpr int kExitDone = 0, kExitUnreadable = 65;

using vision::FileDescriptor;

// Adds a whole file at the end of `to`.
Result<std::uint64_t> append(int from, int to, std::uint64_t bytes_max) {
    struct stat status {};
    if (::fstat(from, &status) != 0) return unavailable("VAULT_IO", "a stored file could not be read");
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size > bytes_max) return invalid("BINDER_FAILED", "the files of this document are too large for one PDF");
    off_t at = 0;
    while (static_cast<std::uint64_t>(at) < size) {
        if (::sendfile(to, from, &at, size - static_cast<std::uint64_t>(at)) <= 0) {
            return unavailable("VAULT_IO", "a stored file could not be read");
        }
    }
    return size;
}

Result<std::string> read_all(int fd) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) return unavailable("BINDER_UNAVAILABLE", "the PDF could not be read back");
    std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto n = ::pread(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
        if (n <= 0) return unavailable("BINDER_UNAVAILABLE", "the PDF could not be read back");
        done += static_cast<std::size_t>(n);
    }
    return bytes;
}

class ProcessBinder final : public Binder {
  public:
    ProcessBinder(const vault::Vault& vault, std::string program, const BinderLimits& limits)
        : vault_(vault), program_(std::move(program)), limits_(limits) {}

    Result<std::string> bind(const PliId& pli, const std::vector<BoundPage>& pages, const std::string& title) override {
        auto input = vision::make_memory_file("binder-input");
        if (!input) return unavailable("BINDER_UNAVAILABLE", input.error().message);
        auto output = vision::make_memory_file("binder-output");
        if (!output) return unavailable("BINDER_UNAVAILABLE", output.error().message);

        vision::ChildPlan plan;
        plan.program = program_;
        plan.arguments = {"--title=" + title, "--memory-bytes=" + std::to_string(limits_.memory_bytes),
                          "--cpu-seconds=" + std::to_string(limits_.cpu_seconds)};
        std::vector<std::string> files;
        std::uint64_t total = 0;
        for (const auto& page : pages) {
            auto place = std::ranges::find(files, page.sha256);
            if (place == files.end()) {
                const auto opened = vault_.open(pli, page.sha256);
                if (!opened) return pass_on(opened);
                const FileDescriptor file(*opened);
                const auto size = append(file.get(), input->get(), limits_.input_bytes_max - total);
                if (!size) return pass_on(size);
                total += *size;
                plan.arguments.push_back("--file=" + std::to_string(*size));
                files.push_back(page.sha256);
                place = std::prev(files.end());
            }
            plan.arguments.push_back("--page=" + std::to_string(place - files.begin()) + ":" +
                                     std::to_string(page.index) + ":" + std::to_string(page.rotation));
        }
        plan.descriptors = {{input->get(), kInputFd}, {output->get(), kOutputFd}};
        plan.wall = std::chrono::seconds(limits_.wall_seconds);
        const auto end = vision::run_child(plan);
        if (!end) return unavailable("BINDER_UNAVAILABLE", end.error().message);
        if (end->exit_code == kExitDone) return read_all(output->get());
        if (end->exit_code == kExitUnreadable || end->signal != 0 || end->timed_out) {
            return invalid("BINDER_FAILED", "these files could not be put into a PDF within the limits");
        }
        return unavailable("BINDER_UNAVAILABLE", "pleiade-binder ended with code " + std::to_string(end->exit_code) +
                                                     "; is it installed whole?");
    }

  private:
    const vault::Vault& vault_;
    const std::string program_;
    const BinderLimits limits_;
};

}  // namespace

std::unique_ptr<Binder> process_binder(const vault::Vault& vault, const std::string& program,
                                       const BinderLimits& limits) {
    return std::make_unique<ProcessBinder>(vault, program, limits);
}

}  // namespace pleiade::gateway
