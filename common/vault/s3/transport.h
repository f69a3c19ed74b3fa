// One signed HTTP exchange with an S3 store, by libcurl.
//
// Operation: `perform` sends a request and gives the answer, or says that there was none. It does not try again.
// Concurrency: any thread; each exchange takes one of a few connections that stay open. Limits: libcurl 7.88 signs the
// path and the query as they stand: both come here escaped and, the query, in order (curl's issues 9717 and 13754).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/vault/s3/s3_options.h"

namespace pleiade::vault {

// What a request carries: a part of an open file, or a text.
struct Body {
    int fd = -1;
    std::uint64_t offset = 0;
    std::uint64_t size_bytes = 0;
    std::string text;
    std::string sha256;  // of what is sent; the server holds us to it
};

struct Request {
    std::string method;
    std::string key;                           // of an object, empty for the bucket
    std::map<std::string, std::string> query;  // not escaped
    Body body;
    std::function<bool(std::string_view)> take;  // bytes of an answer of 200; else they are in Answer::text
};

struct Answer {
    int status = 0;
    std::string text;  // of an error, or of an answer nobody takes; at most 4 MiB
    std::string etag;
};

class Transport {
  public:
    explicit Transport(const S3Options& options);
    ~Transport();

    // Errors, all Unavailable: VAULT_UNREACHABLE (no answer, or not a whole one: try again), VAULT_REFUSED (the
    // certificate is not to be trusted), VAULT_IO (the source or the taker failed).
    Result<Answer> perform(const Request& request);

  private:
    class Connections;
    const S3Options options_;
    const std::unique_ptr<Connections> connections_;
};

}  // namespace pleiade::vault
