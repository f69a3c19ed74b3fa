// What an S3 store says, in XML, as values. A store is trusted as far as its certificate: what cannot be understood is
// an error, never a guess.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "common/base/result.h"

namespace pleiade::vault {

struct Listing {
    std::vector<std::string> keys;
    std::string next;  // continuation token, empty at the end
};

struct PendingUpload {
    std::string key;
    std::string id;
    std::chrono::sys_seconds since;
};

struct PendingUploads {
    std::vector<PendingUpload> uploads;
    std::string next_key;  // markers, empty at the end
    std::string next_id;
};

// Errors: VAULT_IO (Unavailable) for what is not such an answer.
Result<Listing> parse_listing(const std::string& xml);
Result<PendingUploads> parse_uploads(const std::string& xml);
Result<std::string> parse_upload_id(const std::string& xml);
// "NoSuchKey"; empty when this is no error of S3's.
std::string error_code_of(const std::string& xml);
bool is_completed(const std::string& xml);  // S3 may answer 200 and say in the text that it failed

std::string completion_of(const std::vector<std::string>& etags);

}  // namespace pleiade::vault
