#include "services/ingest/registration_key.h"

#include "common/base/check.h"
#include "common/base/sha256.h"

namespace pleiade::ingest {
namespace {

// Lengths keep "ab"+"c" apart from "a"+"bc".
std::string key_of(std::initializer_list<std::string> parts) {
    std::string all;
    for (const auto& part : parts) all += std::to_string(part.size()) + ":" + part + "\n";
    return sha256_hex(all);
}

}  // namespace

std::string registration_key(const std::string& lot, int rank, const std::vector<StoredFile>& files) {
    std::string digests;
    for (const auto& file : files) {
        PLEIADE_CHECK(is_sha256_hex(file.sha256));
        digests += file.sha256 + "\n";
    }
    return key_of({"register", lot, std::to_string(rank), digests});
}

PliId pli_id_of(const std::string& registration_key) {
    return PliId(registration_key.substr(0, 32));
}

PliId pli_id_of(const std::string& lot, int rank, const std::vector<StoredFile>& files) {
    return pli_id_of(registration_key(lot, rank, files));
}

std::string opening_key(const std::string& lot, const std::string& content_sha256) {
    return key_of({"open", lot, content_sha256});
}

std::string rejection_key(const std::string& lot, const std::string& pli, const std::string& code,
                          const std::string& content_sha256) {
    return key_of({"reject", lot, pli, code, content_sha256});
}

}  // namespace pleiade::ingest
