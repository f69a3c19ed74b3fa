#include "services/gateway/api/idempotency.h"

#include <algorithm>
#include <stdexcept>

#include "common/base/failpoint.h"
#include "common/base/sha256.h"
#include "services/gateway/http/problem.h"

namespace pleiade::gateway {

namespace {

constexpr std::chrono::hours kKept{7 * 24};
constexpr std::size_t kKeyBytesMax = 200;

bool well_formed(std::string_view key) {
    return !key.empty() && key.size() <= kKeyBytesMax &&
           std::ranges::all_of(key, [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

Response Idempotency::remembered(const Request& request, bool keep,
                                 const std::function<Response(const std::string& key)>& act) {
    std::string key(request.header("idempotency-key"));
    if (!well_formed(key)) {
        return problem(
            400, "IDEMPOTENCY_KEY_MISSING",
            "Donnez l'en-tête Idempotency-Key: une valeur unique par demande (un UUID), 200 caractères au plus.");
    }
    // A key is its account's: nobody gets an answer that was given to another.
    key = sha256_hex(request.who.name + "\n" + key);
    const std::string fingerprint = sha256_hex(request.method + "\n" + request.path + "\n" + request.body);
    {
        const std::lock_guard lock(mutex_);
        forget_old();
        const auto found = entries_.find(key);
        if (found != entries_.end()) {
            Entry& entry = found->second;
            if (entry.fingerprint != fingerprint) {
                return problem(422, "IDEMPOTENCY_KEY_REUSED",
                               "Cette Idempotency-Key a déjà servi pour une autre demande; prenez-en une nouvelle.");
            }
            if (!entry.done) {
                Response busy = problem(409, "IDEMPOTENCY_IN_PROGRESS",
                                        "La même demande est encore en cours; attendez sa réponse puis recommencez.");
                busy.headers.emplace_back("Retry-After", "1");
                return busy;
            }
            if (entry.response) {
                Response again = *entry.response;
                again.headers.emplace_back("Idempotency-Replayed", "true");
                return again;
            }
            entry.done = false;
        } else {
            entries_[key] = {fingerprint, false, std::nullopt, std::chrono::steady_clock::now()};
            order_.push_back(key);
        }
    }

    // Not done, or not known to be: the same key may ask again, and the hub knows whether it was.
    const auto forget = [&] {
        const std::lock_guard lock(mutex_);
        entries_.erase(key);
        std::erase(order_, key);
    };
    Response response;
    try {
        response = act(key);
        // Done, and its reply is lost with all that this gateway remembered.
        if (PLEIADE_FAILPOINT("gateway.before_reply") != 0) throw std::runtime_error("a reply was lost on purpose");
    } catch (...) {
        forget();
        throw;
    }
    if (response.status >= 500) {
        forget();
        return response;
    }
    const std::lock_guard lock(mutex_);
    if (const auto found = entries_.find(key); found != entries_.end()) {
        found->second.done = true;
        if (keep) found->second.response = response;
    }
    return response;
}

void Idempotency::forget_old() {
    const auto limit = std::chrono::steady_clock::now() - kKept;
    while (!order_.empty()) {
        const auto found = entries_.find(order_.front());
        if (entries_.size() < entries_max_ && found->second.at > limit) return;
        if (!found->second.done) return;
        entries_.erase(found);
        order_.pop_front();
    }
}

}  // namespace pleiade::gateway
