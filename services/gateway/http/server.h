// The HTTP/1.1 server, on Boost.Beast.
//
// Operation: listens at once (port 0 picks a free one); `stop` closes every connection and joins the threads.
// Reading and writing is asynchronous on `io_threads`; the application is called on `work_threads`, since it waits for
// the hub and for decoders.
// Concurrency: start and stop from one thread; the application is called from several.
// Limits: see ServerLimits. Over a limit the client gets 408, 413, 429 or 503, or is cut; nothing is queued without
// bound. HTTP/2 and TLS belong to the reverse proxy in front.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "common/base/result.h"
#include "services/gateway/http/message.h"

namespace pleiade::gateway {

struct ServerLimits {
    std::size_t header_bytes_max = 16 << 10;
    std::size_t body_bytes_max = 64 << 10;      // the largest POST names one document and a note
    std::chrono::milliseconds request{15'000};  // a whole request, from its connection or the previous answer
    std::chrono::milliseconds write{60'000};    // without any progress; who does not read is cut
    int connections_max = 2'560;
    int jobs_max = 128;                        // requests waiting for or in the application
    int streams_max = 2'000;                   // live responses at the same time; a few KiB each
    std::size_t stream_bytes_max = 256 << 10;  // not yet read by a live client, which is then cut
    int io_threads = 2;
    int work_threads = 6;
};

// ADDRESS_NOT_LOOPBACK, or nothing when the gateway may listen there: anywhere once a proxy that ends TLS is declared.
std::optional<Error> check_address(const std::string& address, bool behind_tls = false);

class Server {
  public:
    // Errors: ADDRESS_NOT_LOOPBACK (Invalid), ADDRESS_UNAVAILABLE (Unavailable).
    static Result<std::unique_ptr<Server>> listen(const std::string& address, std::uint16_t port,
                                                  Application application, const ServerLimits& limits = {},
                                                  bool behind_tls = false);
    ~Server();
    std::uint16_t port() const;
    void stop();

    struct Impl;

  private:
    explicit Server(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

}  // namespace pleiade::gateway
