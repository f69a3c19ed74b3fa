#include "services/gateway/oidc/https.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <boost/asio/ssl.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/url.hpp>

#include "services/gateway/http/beast.h"

namespace pleiade::gateway::oidc {

namespace {

namespace ssl = net::ssl;

constexpr std::uint64_t kAnswerBytesMax = 1 << 20;
constexpr timeval kPatience{10, 0};

Error unreachable(const std::string& why) {
    return {ErrorKind::Unavailable, "OIDC_UNREACHABLE", "the identity provider cannot be asked: " + why};
}

template <class Stream>
Answer exchange(Stream& stream, http::request<http::string_body>& request) {
    http::write(stream, request);
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(kAnswerBytesMax);
    http::read(stream, buffer, parser);
    auto message = parser.release();
    return {static_cast<int>(message.result_int()), std::string(message[http::field::content_type]),
            std::move(message.body())};
}

void set_patience(tcp::socket& socket) {
    ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
    ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
}

}  // namespace

std::string encoded(const std::vector<std::pair<std::string, std::string>>& values) {
    std::string text;
    for (const auto& [name, value] : values) {
        text += (text.empty() ? "" : "&") + name + "=" + boost::urls::encode(value, boost::urls::unreserved_chars);
    }
    return text;
}

Result<Answer> ask(const std::string& url, const std::string& ca_file, const std::string& form,
                   const std::string& bearer) {
    const auto parsed = boost::urls::parse_uri(url);
    if (!parsed) return invalid("OIDC_URL_INVALID", "the identity provider gives an address that is none");
    const std::string host = parsed->host_address();
    const bool secure = parsed->scheme() == "https";
    const bool loopback = host == "127.0.0.1" || host == "localhost" || host == "::1";
    if (!secure && !(parsed->scheme() == "http" && loopback)) {
        return invalid("OIDC_URL_INVALID", "the identity provider must be reached by https");
    }
    const std::string port = parsed->port().empty() ? (secure ? "443" : "80") : std::string(parsed->port());
    const auto wanted = parsed->encoded_target();
    std::string target(wanted.data(), wanted.size());
    if (target.empty()) target = "/";
    http::request<http::string_body> request(form.empty() ? http::verb::get : http::verb::post, target, 11);
    const auto place = parsed->encoded_host_and_port();
    request.set(http::field::host, std::string(place.data(), place.size()));
    request.set(http::field::accept, "application/json, application/jwt");
    request.set(http::field::connection, "close");
    if (!bearer.empty()) request.set(http::field::authorization, "Bearer " + bearer);
    if (!form.empty()) {
        request.set(http::field::content_type, "application/x-www-form-urlencoded");
        request.body() = form;
        request.prepare_payload();
    }
    try {
        net::io_context io;
        tcp::resolver resolver(io);
        const auto places = resolver.resolve(host, port);
        if (!secure) {
            tcp::socket socket(io);
            net::connect(socket, places);
            set_patience(socket);
            return exchange(socket, request);
        }
        ssl::context context(ssl::context::tls_client);
        context.set_options(ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
        if (ca_file.empty()) {
            context.set_default_verify_paths();
        } else {
            context.load_verify_file(ca_file);
        }
        context.set_verify_mode(ssl::verify_peer);
        ssl::stream<tcp::socket> stream(io, context);
        stream.set_verify_callback(ssl::host_name_verification(host));
        if (SSL_set_tlsext_host_name(stream.native_handle(), host.c_str()) != 1)
            return tl::unexpected<Error>(unreachable("SNI"));
        net::connect(stream.next_layer(), places);
        set_patience(stream.next_layer());
        stream.handshake(ssl::stream_base::client);
        return exchange(stream, request);
    } catch (const boost::system::system_error& error) {
        return tl::unexpected<Error>(unreachable(error.code().message()));
    }
}

}  // namespace pleiade::gateway::oidc
