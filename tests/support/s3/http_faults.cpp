#include "tests/support/s3/http_faults.h"

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast.hpp>
#include <list>
#include <mutex>
#include <thread>

namespace pleiade::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ssl = boost::asio::ssl;
namespace http = beast::http;
using tcp = asio::ip::tcp;

using Answer = http::response<http::string_body>;

void flip(std::string& body) {
    if (!body.empty()) body[body.size() / 2] = static_cast<char>(body[body.size() / 2] ^ 1);
}

}  // namespace

struct HttpFaults::Impl {
    Impl(std::uint16_t to, Decide how, const std::optional<Certificate>& certificate, std::atomic<int>& counted)
        : server(to), decide(std::move(how)), requests(counted) {
        if (!certificate) return;
        tls.emplace(ssl::context::tls_server);
        tls->use_certificate(asio::buffer(certificate->certificate_pem), ssl::context::pem);
        tls->use_private_key(asio::buffer(certificate->key_pem), ssl::context::pem);
    }

    std::uint16_t server;
    Decide decide;
    std::atomic<int>& requests;
    std::optional<ssl::context> tls;
    asio::io_context io;
    tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
    std::mutex mutex;
    bool stopping = false;        // guarded by mutex
    std::list<tcp::socket> open;  // guarded by mutex
    std::list<std::thread> threads;

    void accept() {
        while (true) {
            beast::error_code error;
            tcp::socket socket(io);
            acceptor.accept(socket, error);
            const std::scoped_lock lock(mutex);
            if (error || stopping) return;
            open.push_back(std::move(socket));
            threads.emplace_back([this, &client = open.back()] { welcome(client); });
        }
    }

    void welcome(tcp::socket& client) {
        beast::error_code error;
        if (tls) {
            ssl::stream<tcp::socket&> sealed(client, *tls);
            sealed.handshake(ssl::stream_base::server, error);
            if (!error) serve(sealed);
        } else {
            serve(client);
        }
        client.shutdown(tcp::socket::shutdown_both, error);
    }

    template <class Client>
    void serve(Client& client) {
        beast::flat_buffer buffer;
        beast::error_code error;
        while (!error) {
            http::request_parser<http::string_body> parser;
            parser.body_limit(256u << 20);
            http::read_header(client, buffer, parser, error);
            if (error) break;
            if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
                asio::write(client, asio::buffer(std::string("HTTP/1.1 100 Continue\r\n\r\n")), error);
            }
            http::read(client, buffer, parser, error);
            if (error) break;
            ++requests;
            auto request = parser.release();
            const auto fault = decide(std::string(request.method_string()), std::string(request.target()));
            std::this_thread::sleep_for(fault.delay);
            if (fault.drop) break;
            Answer answer;
            if (fault.status != 0) {
                answer.result(static_cast<unsigned>(fault.status));
                answer.body() = fault.text;
                answer.prepare_payload();
            } else {
                if (fault.flip_sent) flip(request.body());
                answer = ask(request, error);
                if (error || fault.lose_answer) break;
                if (fault.flip_answer) flip(answer.body());
            }
            if (fault.cut_answer) {
                answer.body().resize(answer.body().size() / 2);  // the length announced stays
                http::response_serializer<http::string_body> head(answer);
                http::write_header(client, head, error);
                asio::write(client, asio::buffer(answer.body()), error);
                break;
            }
            http::write(client, answer, error);
        }
    }

    Answer ask(http::request<http::string_body>& request, beast::error_code& error) {
        tcp::socket socket(io);
        http::response_parser<http::string_body> parser;
        parser.body_limit(256u << 20);
        request.erase(http::field::expect);
        request.set(http::field::connection, "close");
        socket.connect({asio::ip::address_v4::loopback(), server}, error);
        beast::flat_buffer buffer;
        if (!error) http::write(socket, request, error);
        if (!error) http::read(socket, buffer, parser, error);
        auto answer = parser.release();
        answer.erase(http::field::connection);
        if (answer.chunked()) answer.prepare_payload();
        return answer;
    }
};

HttpFaults::HttpFaults(std::uint16_t server, Decide decide, const std::optional<Certificate>& certificate)
    : impl_(std::make_unique<Impl>(server, std::move(decide), certificate, requests_)) {
    impl_->threads.emplace_back([this] { impl_->accept(); });
}

HttpFaults::~HttpFaults() {
    {
        const std::scoped_lock lock(impl_->mutex);
        impl_->stopping = true;
        ::shutdown(impl_->acceptor.native_handle(), SHUT_RDWR);
        for (auto& socket : impl_->open) ::shutdown(socket.native_handle(), SHUT_RDWR);
    }
    for (auto& thread : impl_->threads) thread.join();
}

std::string HttpFaults::url() const {
    return (impl_->tls ? "https://127.0.0.1:" : "http://127.0.0.1:") +
           std::to_string(impl_->acceptor.local_endpoint().port());
}

}  // namespace pleiade::test
