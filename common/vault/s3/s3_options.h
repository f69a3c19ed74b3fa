// Where an S3 store is and how we show who we are.
//
//   s3://bucket/prefix?endpoint=https://s3.example:9000&region=eu-west-3&keyfile=/etc/pleiade/s3.key&cafile=/etc/pleiade/ca.pem
//
// Only the bucket is mandatory. `endpoint`: AWS's of the region when absent. `keyfile`: two lines, the access key and
// the secret key; without it AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of the environment. `cafile`: the authority of
// the store's certificate, the system's when absent. Plain http is accepted on loopback alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "common/base/result.h"

namespace pleiade::vault {

struct S3Options {
    std::string endpoint;  // "https://host:port", without a slash at the end
    std::string region = "us-east-1";
    std::string bucket;
    std::string prefix;  // empty, or with a slash at the end
    std::string access_key;
    std::string secret_key;
    std::string ca_file;

    // A file this large goes in parts. S3 wants parts of 5 MiB at least, and 10 000 at most.
    std::uint64_t multipart_from_bytes = 32ull << 20;
    std::uint64_t part_bytes = 16ull << 20;
    std::chrono::hours orphan_age{24};  // parts that no upload of ours can still be adding to

    int list_keys_max = 1'000;  // of one answer

    std::chrono::milliseconds connect_timeout{3'000};
    std::chrono::seconds silence_max{8};  // a transfer slower than 1 KiB/s for that long is given up
    std::chrono::seconds request_max{300};
    // No new try after it: shorter than a reader's lease, and a stop waits no longer.
    std::chrono::milliseconds patience{10'000};
    int tries_max = 6;
    std::chrono::milliseconds first_pause{100};
    std::chrono::milliseconds longest_pause{3'000};
};

// Errors: CONFIG_INVALID, which never repeats a key.
Result<S3Options> parse_s3_url(const std::string& url);

}  // namespace pleiade::vault
