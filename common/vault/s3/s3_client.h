// The verbs of an S3 store that the vault uses, each tried again while that helps.
//
// Operation: 5xx, no answer and half an answer are worth another try; a refusal (4xx) is not. Every verb may be said
// twice without harm: an object is named by what is in it.
// Concurrency: any thread. Errors, all Unavailable unless said: VAULT_REFUSED (what people must mend: key, rights,
// clock, bucket, region), VAULT_FULL (507), VAULT_UNREACHABLE, VAULT_IO.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/vault/s3/retry.h"
#include "common/vault/s3/s3_answers.h"
#include "common/vault/s3/transport.h"

namespace pleiade::vault {

// Where an object's bytes go. `restart` is called before the first byte of each try.
struct Taker {
    std::function<bool()> restart;
    std::function<bool(std::string_view)> take;
};

class S3Client {
  public:
    explicit S3Client(const S3Options& options);

    // NotFound: FILE_MISSING, when the store says that it has no such object.
    Result<void> get(const std::string& key, const Taker& taker);
    Result<void> put(const std::string& key, const Body& body);
    Result<void> remove(const std::string& key);
    Result<Listing> list(const std::string& prefix, const std::string& from);

    Result<std::string> begin_upload(const std::string& key);
    Result<std::string> put_part(const std::string& key, const std::string& upload, int number, const Body& body);
    // Asked twice after a lost answer, a store no longer knows the upload that it has completed: that is no error here,
    // and reading the object back decides.
    Result<void> complete_upload(const std::string& key, const std::string& upload,
                                 const std::vector<std::string>& etags);
    Result<void> abort_upload(const std::string& key, const std::string& upload);
    Result<PendingUploads> uploads(const std::string& prefix, const PendingUploads& from);

  private:
    Result<Answer> exchange(const Request& request, const std::function<bool()>& restart = nullptr);
    tl::unexpected<Error> refused(const Answer& answer, const Request& request) const;

    const S3Options options_;
    Transport transport_;
};

}  // namespace pleiade::vault
