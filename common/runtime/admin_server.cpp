#include "common/runtime/admin_server.h"

#include <fmt/format.h>
#include <prometheus/text_serializer.h>

#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <stdexcept>
#include <thread>

#include "common/runtime/log.h"

namespace pleiade::runtime {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using Ready = std::function<std::vector<ReadyCheck>()>;

constexpr auto kPatience = std::chrono::seconds(5);

http::response<http::string_body> answer(const http::request<http::empty_body>& request,
                                         const prometheus::Registry& registry, const Ready& ready) {
    http::response<http::string_body> response{http::status::ok, request.version()};
    response.set(http::field::content_type, "text/plain; charset=utf-8");
    response.set(http::field::cache_control, "no-store");
    if (request.method() != http::verb::get) {
        response.result(http::status::method_not_allowed);
        response.body() = "only GET\n";
    } else if (request.target() == "/healthz") {
        response.body() = "ok\n";
    } else if (request.target() == "/readyz" || request.target() == "/readyz?verbose") {
        for (const auto& check : ready()) {
            if (!check.ok) response.result(http::status::service_unavailable);
            response.body() += fmt::format("{} {}{}{}\n", check.ok ? "ok" : "NO", check.name, check.ok ? "" : ": ",
                                           check.ok ? "" : check.advice);
        }
        if (response.body().empty()) response.body() = "ok\n";
    } else if (request.target() == "/metrics") {
        response.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
        response.body() = metrics_text(registry);
    } else {
        response.result(http::status::not_found);
        response.body() = "try /healthz, /readyz or /metrics\n";
    }
    response.keep_alive(false);
    response.prepare_payload();
    return response;
}

// One request per connection: the callers are a probe and a scraper.
class Session : public std::enable_shared_from_this<Session> {
  public:
    Session(tcp::socket socket, std::shared_ptr<prometheus::Registry> registry, Ready ready)
        : stream_(std::move(socket)), registry_(std::move(registry)), ready_(std::move(ready)) {}

    void start() {
        stream_.expires_after(kPatience);
        http::async_read(stream_, buffer_, request_, [self = shared_from_this()](beast::error_code error, std::size_t) {
            if (!error) self->reply();
        });
    }

  private:
    void reply() {
        response_ = answer(request_, *registry_, ready_);
        http::async_write(stream_, response_, [self = shared_from_this()](beast::error_code, std::size_t) {
            beast::error_code ignored;
            self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
        });
    }

    beast::tcp_stream stream_;
    beast::flat_buffer buffer_{8192};
    http::request<http::empty_body> request_;
    http::response<http::string_body> response_;
    std::shared_ptr<prometheus::Registry> registry_;
    Ready ready_;
};

}  // namespace

struct AdminServer::Impl {
    asio::io_context io{1};
    tcp::acceptor acceptor{io};
    std::shared_ptr<prometheus::Registry> registry;
    Ready ready;
    std::thread thread;

    void accept() {
        acceptor.async_accept([this](beast::error_code error, tcp::socket socket) {
            if (error == asio::error::operation_aborted) return;
            if (!error) std::make_shared<Session>(std::move(socket), registry, ready)->start();
            accept();
        });
    }
};

AdminServer::AdminServer(std::uint16_t port, std::shared_ptr<prometheus::Registry> registry, Ready ready,
                         const std::string& address)
    : impl_(std::make_unique<Impl>()) {
    impl_->registry = std::move(registry);
    impl_->ready = std::move(ready);
    beast::error_code error;
    const auto parsed = asio::ip::make_address(address, error);
    if (error)
        throw std::runtime_error(fmt::format("«{}» is no address to listen on; give admin_address a number", address));
    const tcp::endpoint endpoint(parsed, port);
    impl_->acceptor.open(endpoint.protocol());
    impl_->acceptor.set_option(asio::socket_base::reuse_address(true));
    impl_->acceptor.bind(endpoint, error);
    if (!error) impl_->acceptor.listen(64, error);
    if (error) {
        throw std::runtime_error(
            fmt::format("cannot listen on {}:{} ({}); choose another admin_port", address, port, error.message()));
    }
    impl_->accept();
    impl_->thread = std::thread([this] { impl_->io.run(); });
}

AdminServer::~AdminServer() {
    impl_->io.stop();
    impl_->thread.join();
}

std::uint16_t AdminServer::port() const {
    return impl_->acceptor.local_endpoint().port();
}

std::string metrics_text(const prometheus::Registry& registry) {
    return prometheus::TextSerializer().Serialize(registry.Collect());
}

}  // namespace pleiade::runtime
