#include "common/vault/s3/upload.h"

#include <algorithm>

#include "common/base/check.h"

namespace pleiade::vault {
namespace {

constexpr std::uint64_t kPartsMax = 10'000;  // S3's own
constexpr int kPagesMax = 100;               // of uploads looked at in one sweep

}  // namespace

Result<void> Upload::send(const std::string& key, int source_fd, const Digest& digest) {
    if (digest.size_bytes < options_.multipart_from_bytes) {
        return client_.put(
            key, {.fd = source_fd, .offset = 0, .size_bytes = digest.size_bytes, .text = "", .sha256 = digest.sha256});
    }
    const auto upload = client_.begin_upload(key);
    if (!upload) return pass_on(upload);
    auto sent = send_parts(key, *upload, source_fd, digest.size_bytes);
    // When even this fails, `sweep` finds it.
    if (!sent) (void)client_.abort_upload(key, *upload);
    return sent;
}

Result<void> Upload::send_parts(const std::string& key, const std::string& upload, int source_fd,
                                std::uint64_t size_bytes) {
    PLEIADE_CHECK(options_.part_bytes > 0 && size_bytes / options_.part_bytes < kPartsMax);
    std::vector<std::string> etags;
    for (std::uint64_t offset = 0; offset < size_bytes; offset += options_.part_bytes) {
        const auto part_bytes = std::min(options_.part_bytes, size_bytes - offset);
        const auto digest = digest_of_part(source_fd, offset, part_bytes);
        if (!digest) return pass_on(digest);
        auto etag = client_.put_part(
            key, upload, static_cast<int>(etags.size()) + 1,
            {.fd = source_fd, .offset = offset, .size_bytes = part_bytes, .text = "", .sha256 = digest->sha256});
        if (!etag) return pass_on(etag);
        etags.push_back(std::move(*etag));
    }
    return client_.complete_upload(key, upload, etags);
}

void Upload::sweep(const std::string& prefix, std::chrono::sys_seconds before) {
    PendingUploads page;
    for (int pages = 0; pages < kPagesMax; ++pages) {
        const auto next = client_.uploads(prefix, page);
        if (!next) return;  // tomorrow, then
        for (const auto& upload : next->uploads) {
            if (upload.since < before && upload.key.starts_with(prefix))
                (void)client_.abort_upload(upload.key, upload.id);
        }
        page = *next;
        if (page.next_key.empty()) return;
    }
}

}  // namespace pleiade::vault
