// Brings a file into the store: in one request, or in parts when it is large.
//
// Operation: a large file's parts are sent one after the other, each tried again by itself; when one cannot be sent,
// the upload is aborted, so that its parts cost nothing. An upload whose process died is aborted by `sweep`.
// Concurrency: any thread. Limits: `sweep` is the housekeeping of a store that has no rule of its own for incomplete
// uploads; it never fails a put.
#pragma once

#include <chrono>
#include <string>

#include "common/vault/file_copy.h"
#include "common/vault/s3/s3_client.h"

namespace pleiade::vault {

class Upload {
  public:
    Upload(S3Client& client, const S3Options& options) : client_(client), options_(options) {}

    // `digest`: of the whole file as it stands. Errors: those of S3Client.
    Result<void> send(const std::string& key, int source_fd, const Digest& digest);
    // Aborts uploads that began before.
    void sweep(const std::string& prefix, std::chrono::sys_seconds before);

  private:
    Result<void> send_parts(const std::string& key, const std::string& upload, int source_fd, std::uint64_t size_bytes);

    S3Client& client_;
    const S3Options options_;
};

}  // namespace pleiade::vault
