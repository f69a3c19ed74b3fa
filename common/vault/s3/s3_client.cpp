#include "common/vault/s3/s3_client.h"

namespace pleiade::vault {
namespace {

bool is_done(int status) {
    return status >= 200 && status < 300;
}

}  // namespace

S3Client::S3Client(const S3Options& options) : options_(options), transport_(options) {}

Result<Answer> S3Client::exchange(const Request& request, const std::function<bool()>& restart) {
    Retries retries({options_.tries_max, options_.first_pause, options_.longest_pause, options_.patience});
    while (true) {
        if (restart && !restart()) return unavailable("VAULT_IO", "a file of the vault could not be written here");
        auto answer = transport_.perform(request);
        if (answer && answer->status < 500) return answer;
        if (!answer && answer.error().code != "VAULT_UNREACHABLE") return answer;
        if (!retries.again()) return answer;
    }
}

// Says what people can do, and nothing of the key.
tl::unexpected<Error> S3Client::refused(const Answer& answer, const Request& request) const {
    const auto code = error_code_of(answer.text);
    const auto said = std::to_string(answer.status) + (code.empty() ? "" : " " + code);
    if (answer.status == 404 && code == "NoSuchKey" && !request.key.empty()) {
        return not_found("FILE_MISSING",
                         "the vault does not hold the file " + request.key.substr(request.key.find_last_of('/') + 1));
    }
    if (answer.status == 507) {
        return unavailable("VAULT_FULL", "the S3 store is full: free some space, nothing was lost");
    }
    if (answer.status == 403) {
        return unavailable("VAULT_REFUSED", "the S3 store refuses us (" + said +
                                                "): check the keyfile of vault.url, the key's rights on the bucket "
                                                "and this machine's clock");
    }
    if (answer.status >= 300 && answer.status < 500) {
        return unavailable("VAULT_REFUSED", "the S3 store refuses a request (" + said +
                                                "): check endpoint, region and bucket of vault.url");
    }
    return unavailable("VAULT_UNREACHABLE", "the S3 store at " + options_.endpoint + " is not well (" + said + ")");
}

Result<void> S3Client::get(const std::string& key, const Taker& taker) {
    const Request request{"GET", key, {}, {}, taker.take};
    const auto answer = exchange(request, taker.restart);
    if (!answer) return pass_on(answer);
    if (answer->status != 200) return refused(*answer, request);
    return {};
}

Result<void> S3Client::put(const std::string& key, const Body& body) {
    const Request request{"PUT", key, {}, body, nullptr};
    const auto answer = exchange(request);
    if (!answer) return pass_on(answer);
    if (!is_done(answer->status)) return refused(*answer, request);
    return {};
}

Result<void> S3Client::remove(const std::string& key) {
    const Request request{"DELETE", key, {}, {}, nullptr};
    const auto answer = exchange(request);
    if (!answer) return pass_on(answer);
    if (is_done(answer->status)) return {};
    auto error = refused(*answer, request);
    if (error.value().kind == ErrorKind::NotFound) return {};
    return error;
}

Result<Listing> S3Client::list(const std::string& prefix, const std::string& from) {
    Request request{"GET",
                    "",
                    {{"list-type", "2"}, {"max-keys", std::to_string(options_.list_keys_max)}, {"prefix", prefix}},
                    {},
                    nullptr};
    if (!from.empty()) request.query["continuation-token"] = from;
    const auto answer = exchange(request);
    if (!answer) return pass_on(answer);
    if (answer->status != 200) return refused(*answer, request);
    return parse_listing(answer->text);
}

Result<std::string> S3Client::begin_upload(const std::string& key) {
    const Request request{"POST", key, {{"uploads", ""}}, {}, nullptr};
    const auto answer = exchange(request);
    if (!answer) return pass_on(answer);
    if (answer->status != 200) return refused(*answer, request);
    return parse_upload_id(answer->text);
}

Result<std::string> S3Client::put_part(const std::string& key, const std::string& upload, int number,
                                       const Body& body) {
    const Request request{"PUT", key, {{"partNumber", std::to_string(number)}, {"uploadId", upload}}, body, nullptr};
    const auto answer = exchange(request);
    if (!answer) return pass_on(answer);
    if (!is_done(answer->status)) return refused(*answer, request);
    if (answer->etag.empty()) return unavailable("VAULT_IO", "the S3 store took a part and did not say its name");
    return answer->etag;
}

Result<void> S3Client::complete_upload(const std::string& key, const std::string& upload,
                                       const std::vector<std::string>& etags) {
    Request request{"POST", key, {{"uploadId", upload}}, {}, nullptr};
    request.body.text = completion_of(etags);
    const auto answer = exchange(request);
    if (!answer) return pass_on(answer);
    if (answer->status == 404 && error_code_of(answer->text) == "NoSuchUpload") return {};
    if (answer->status != 200) return refused(*answer, request);
    if (!is_completed(answer->text)) {
        return unavailable("VAULT_UNREACHABLE",
                           "the S3 store could not put the parts together (" + error_code_of(answer->text) + ")");
    }
    return {};
}

Result<void> S3Client::abort_upload(const std::string& key, const std::string& upload) {
    const Request request{"DELETE", key, {{"uploadId", upload}}, {}, nullptr};
    const auto answer = exchange(request);
    if (!answer) return pass_on(answer);
    if (!is_done(answer->status) && answer->status != 404) return refused(*answer, request);
    return {};
}

Result<PendingUploads> S3Client::uploads(const std::string& prefix, const PendingUploads& from) {
    Request request{"GET", "", {{"uploads", ""}, {"prefix", prefix}}, {}, nullptr};
    if (!from.next_key.empty()) request.query["key-marker"] = from.next_key;
    if (!from.next_id.empty()) request.query["upload-id-marker"] = from.next_id;
    const auto answer = exchange(request);
    if (!answer) return pass_on(answer);
    if (answer->status != 200) return refused(*answer, request);
    return parse_uploads(answer->text);
}

}  // namespace pleiade::vault
