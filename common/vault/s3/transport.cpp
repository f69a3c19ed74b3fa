#include "common/vault/s3/transport.h"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <vector>

#include "common/base/check.h"
#include "common/base/sha256.h"

namespace pleiade::vault {
namespace {

constexpr std::size_t kTextBytesMax = 4u << 20;
constexpr long kSlowBytesPerSecond = 1024;

using Easy = std::unique_ptr<CURL, void (*)(CURL*)>;

// What libcurl's callbacks see of an exchange.
struct Exchange {
    const Request& request;
    CURL* curl;
    Answer answer;
    std::uint64_t sent = 0;
    bool source_failed = false;
    bool taker_failed = false;
};

std::size_t on_bytes(char* data, std::size_t, std::size_t count, void* user) {
    auto& exchange = *static_cast<Exchange*>(user);
    long status = 0;
    curl_easy_getinfo(exchange.curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == 200 && exchange.request.take) {
        if (exchange.request.take({data, count})) return count;
        exchange.taker_failed = true;
        return 0;
    }
    auto& text = exchange.answer.text;
    text.append(data, std::min(count, kTextBytesMax - std::min(kTextBytesMax, text.size())));
    return count;
}

std::size_t on_header(char* data, std::size_t, std::size_t count, void* user) {
    auto& exchange = *static_cast<Exchange*>(user);
    const std::string_view line(data, count);
    constexpr std::string_view kName = "etag:";
    if (line.size() > kName.size() && ::strncasecmp(line.data(), kName.data(), kName.size()) == 0) {
        auto value = line.substr(kName.size());
        while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
        while (!value.empty() && (value.back() == '\r' || value.back() == '\n' || value.back() == ' '))
            value.remove_suffix(1);
        exchange.answer.etag = std::string(value);
    }
    return count;
}

std::size_t on_wanted(char* into, std::size_t, std::size_t room, void* user) {
    auto& exchange = *static_cast<Exchange*>(user);
    const auto& body = exchange.request.body;
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(room, body.size_bytes - exchange.sent));
    if (count == 0) return 0;
    ssize_t got = 0;
    do {
        got = ::pread(body.fd, into, count, static_cast<off_t>(body.offset + exchange.sent));
    } while (got < 0 && errno == EINTR);
    if (got <= 0) {  // it became shorter than it was a moment ago
        exchange.source_failed = true;
        return CURL_READFUNC_ABORT;
    }
    exchange.sent += static_cast<std::uint64_t>(got);
    return static_cast<std::size_t>(got);
}

// libcurl sends the body anew on a fresh connection when the one it kept was closed.
int on_seek(void* user, curl_off_t offset, int origin) {
    if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
    static_cast<Exchange*>(user)->sent = static_cast<std::uint64_t>(offset);
    return CURL_SEEKFUNC_OK;
}

// No program that we start may inherit a connection to the store.
curl_socket_t open_socket(void*, curlsocktype, curl_sockaddr* address) {
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void initialise() {
    static const auto once = curl_global_init(CURL_GLOBAL_DEFAULT);
    PLEIADE_CHECK(once == CURLE_OK);
}

std::string escaped(CURL* curl, const std::string& text) {
    const std::unique_ptr<char, void (*)(void*)> made(
        curl_easy_escape(curl, text.data(), static_cast<int>(text.size())), curl_free);
    return made ? made.get() : "";
}

bool wants_trust(CURLcode code) {
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_ISSUER_ERROR;
}

tl::unexpected<Error> failed(CURLcode code, const Exchange& exchange, const S3Options& options) {
    if (exchange.source_failed) return unavailable("VAULT_IO", "a file became shorter while it was sent to the vault");
    if (exchange.taker_failed) return unavailable("VAULT_IO", "a file of the vault could not be written here");
    if (wants_trust(code)) {
        return unavailable("VAULT_REFUSED", "the certificate of " + options.endpoint +
                                                " is not to be trusted: check cafile in vault.url");
    }
    return unavailable("VAULT_UNREACHABLE",
                       "the S3 store at " + options.endpoint + " does not answer (" + curl_easy_strerror(code) + ")");
}

}  // namespace

// Handles that keep their connection open between two exchanges.
class Transport::Connections {
  public:
    Easy take() {
        const std::scoped_lock lock(mutex_);
        if (idle_.empty()) return {curl_easy_init(), curl_easy_cleanup};
        auto handle = std::move(idle_.back());
        idle_.pop_back();
        return handle;
    }
    void give_back(Easy handle) {
        curl_easy_reset(handle.get());
        const std::scoped_lock lock(mutex_);
        if (idle_.size() < kIdleMax) idle_.push_back(std::move(handle));
    }

  private:
    static constexpr std::size_t kIdleMax = 8;
    std::mutex mutex_;
    std::vector<Easy> idle_;  // guarded by mutex_
};

Transport::Transport(const S3Options& options) : options_(options), connections_(std::make_unique<Connections>()) {
    initialise();
}
Transport::~Transport() = default;

Result<Answer> Transport::perform(const Request& request) {
    auto handle = connections_->take();
    CURL* const curl = handle.get();
    PLEIADE_CHECK(curl != nullptr);
    Exchange exchange{request, curl, {}};

    std::string url = options_.endpoint + "/" + options_.bucket;
    if (!request.key.empty()) url += "/" + request.key;
    char separator = '?';
    for (const auto& [name, value] : request.query) {
        url += separator + escaped(curl, name) + "=" + escaped(curl, value);
        separator = '&';
    }
    const auto set = [curl](CURLoption option, auto value) {
        PLEIADE_CHECK(curl_easy_setopt(curl, option, value) == CURLE_OK);
    };
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, options_.endpoint.starts_with("https:") ? "https" : "http");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_OPENSOCKETFUNCTION, open_socket);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
    set(CURLOPT_LOW_SPEED_LIMIT, kSlowBytesPerSecond);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options_.silence_max.count()));
    set(CURLOPT_TIMEOUT, static_cast<long>(options_.request_max.count()));
    if (!options_.ca_file.empty()) set(CURLOPT_CAINFO, options_.ca_file.c_str());
    const auto scope = "aws:amz:" + options_.region + ":s3";
    set(CURLOPT_AWS_SIGV4, scope.c_str());
    set(CURLOPT_USERNAME, options_.access_key.c_str());
    set(CURLOPT_PASSWORD, options_.secret_key.c_str());

    const auto& body = request.body;
    const auto digest = body.sha256.empty() ? sha256_hex(body.text) : body.sha256;
    const std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(
        curl_slist_append(nullptr, ("x-amz-content-sha256: " + digest).c_str()), curl_slist_free_all);
    set(CURLOPT_HTTPHEADER, headers.get());
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    if (body.fd >= 0) {
        set(CURLOPT_UPLOAD, 1L);
        set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(body.size_bytes));
        set(CURLOPT_READFUNCTION, on_wanted);
        set(CURLOPT_READDATA, static_cast<void*>(&exchange));
        set(CURLOPT_SEEKFUNCTION, on_seek);
        set(CURLOPT_SEEKDATA, static_cast<void*>(&exchange));
    } else if (request.method == "POST") {
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.text.size()));
        set(CURLOPT_POSTFIELDS, body.text.c_str());
    }
    set(CURLOPT_WRITEFUNCTION, on_bytes);
    set(CURLOPT_WRITEDATA, static_cast<void*>(&exchange));
    set(CURLOPT_HEADERFUNCTION, on_header);
    set(CURLOPT_HEADERDATA, static_cast<void*>(&exchange));

    const auto code = curl_easy_perform(curl);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    connections_->give_back(std::move(handle));
    // A refusal that came before the whole body was sent is an answer.
    if (code != CURLE_OK && !(code == CURLE_SEND_ERROR && status >= 400)) return failed(code, exchange, options_);
    exchange.answer.status = static_cast<int>(status);
    return std::move(exchange.answer);
}

}  // namespace pleiade::vault
