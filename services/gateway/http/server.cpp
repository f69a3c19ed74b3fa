#include "services/gateway/http/server.h"

#include "services/gateway/http/connection.h"

namespace pleiade::gateway {

Server::Impl::Impl(Application app, const ServerLimits& lim)
    : application(std::move(app)),
      limits(lim),
      io(lim.io_threads),
      work(net::make_work_guard(io)),
      acceptor(net::make_strand(io)),
      workers(static_cast<std::size_t>(lim.work_threads)) {}

void Server::Impl::accept() {
    acceptor.async_accept(
        net::make_strand(io), [self = shared_from_this()](beast::error_code error, tcp::socket socket) {
            if (self->stopping) return;
            if (!error) {
                bool room = false;
                {
                    const std::lock_guard lock(self->mutex);
                    room = self->connections.size() < static_cast<std::size_t>(self->limits.connections_max);
                }
                // Over the limit the socket is closed at once: an answer would cost what the limit protects.
                if (room) std::make_shared<Connection>(self, std::move(socket))->start();
            }
            self->accept();
        });
}

void Server::Impl::joined(Connection* connection) {
    const std::lock_guard lock(mutex);
    connections.insert(connection);
}

void Server::Impl::left(Connection* connection) {
    const std::lock_guard lock(mutex);
    connections.erase(connection);
}

std::optional<Error> check_address(const std::string& address, bool behind_tls) {
    beast::error_code error;
    const auto parsed = net::ip::make_address(address, error);
    if (!error && (parsed.is_loopback() || behind_tls)) return std::nullopt;
    return Error{
        ErrorKind::Invalid, "ADDRESS_NOT_LOOPBACK",
        "gateway.address is " + address +
            ": without TLS the gateway listens only on loopback; declare the proxy that ends TLS (gateway.behind_tls), "
            "or set it to 127.0.0.1 or ::1"};
}

Result<std::unique_ptr<Server>> Server::listen(const std::string& address, std::uint16_t port, Application application,
                                               const ServerLimits& limits, bool behind_tls) {
    if (auto wrong = check_address(address, behind_tls)) return tl::unexpected<Error>(std::move(*wrong));
    beast::error_code error;
    const auto parsed = net::ip::make_address(address, error);
    auto impl = std::make_shared<Impl>(std::move(application), limits);
    const tcp::endpoint endpoint(parsed, port);
    impl->acceptor.open(endpoint.protocol(), error);
    if (!error) impl->acceptor.set_option(net::socket_base::reuse_address(true), error);
    if (!error) impl->acceptor.bind(endpoint, error);
    if (!error) impl->acceptor.listen(net::socket_base::max_listen_connections, error);
    if (error) {
        return unavailable("ADDRESS_UNAVAILABLE", "cannot listen on " + address + " port " + std::to_string(port) +
                                                      ": " + error.message() + "; free it or change gateway.port");
    }
    impl->accept();
    for (int i = 0; i < limits.io_threads; ++i) impl->threads.emplace_back([raw = impl.get()] { raw->io.run(); });
    return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
    stop();
}

std::uint16_t Server::port() const {
    return impl_->acceptor.local_endpoint().port();
}

void Server::stop() {
    if (impl_->stopping.exchange(true)) return;
    net::post(impl_->acceptor.get_executor(), [impl = impl_] {
        beast::error_code ignored;
        impl->acceptor.cancel(ignored);
        impl->acceptor.close(ignored);
    });
    // Closed outside the lock: to let go of the last hold on a connection destroys it, and it then leaves the set
    // itself.
    std::vector<std::shared_ptr<Connection>> open;
    {
        const std::lock_guard lock(impl_->mutex);
        for (auto* connection : impl_->connections) {
            if (auto held = connection->weak_from_this().lock()) open.push_back(std::move(held));
        }
    }
    for (const auto& connection : open) connection->close();
    open.clear();
    impl_->workers.join();
    impl_->work.reset();
    for (auto& thread : impl_->threads) thread.join();
}

}  // namespace pleiade::gateway
