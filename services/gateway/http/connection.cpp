#include "services/gateway/http/connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/url.hpp>
#include <cctype>

#include "services/gateway/http/guard.h"
#include "services/gateway/http/problem.h"
#include "services/gateway/http/trace.h"

namespace pleiade::gateway {

namespace {

constexpr int kStreamSocketBytes = 64 << 10;

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

// Nothing when the target is not a plain path with an optional query.
std::optional<Request> to_request(http::request<http::string_body>& message) {
    const auto target = boost::urls::parse_origin_form(message.target());
    if (!target) return std::nullopt;
    Request request;
    request.method = std::string(message.method_string());
    request.path = target->path();
    for (const auto& item : target->params()) request.query.emplace_back(item.key, item.value);
    for (const auto& field : message) {
        auto& value = request.headers[lower(field.name_string())];
        if (!value.empty()) value += ", ";  // a header given twice never hides its first value
        value += field.value();
    }
    request.body = std::move(message.body());
    request.trace_id = trace_id_from(request.header("traceparent"));
    return request;
}

}  // namespace

Connection::Connection(std::shared_ptr<Server::Impl> server, tcp::socket socket)
    : server_(std::move(server)), stream_(std::move(socket)) {
    server_->joined(this);
}

Connection::~Connection() {
    if (streaming_) --server_->streams;
    server_->left(this);
}

void Connection::start() {
    beast::error_code ignored;
    stream_.socket().set_option(tcp::no_delay(true), ignored);
    net::dispatch(stream_.get_executor(), [self = shared_from_this()] { self->read(); });
}

void Connection::close() {
    net::post(stream_.get_executor(), [self = shared_from_this()] {
        {
            const std::lock_guard lock(self->mutex_);
            self->closed_ = true;
        }
        self->stream_.close();
    });
}

void Connection::read() {
    if (server_->stopping) return;
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(server_->limits.header_bytes_max));
    parser_->body_limit(server_->limits.body_bytes_max);
    stream_.expires_after(server_->limits.request);
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](beast::error_code error, std::size_t) { self->on_read(error); });
}

void Connection::on_read(beast::error_code error) {
    keep_alive_ = false;
    head_ = false;
    if (error == http::error::body_limit) {
        return answer_error(413, "BODY_TOO_LARGE", "Requête trop grande", "Le corps de la requête dépasse la limite.");
    }
    if (error == http::error::header_limit) {
        return answer_error(431, "HEADERS_TOO_LARGE", "En-têtes trop grands", "Les en-têtes dépassent la limite.");
    }
    if (error == http::error::end_of_stream || error == beast::error::timeout) return stream_.close();
    if (error) {
        // A parse error gets an answer; a broken link gets none.
        if (error.category() != make_error_code(http::error::bad_method).category()) return stream_.close();
        return answer_error(400, "REQUEST_MALFORMED", "Requête illisible", "La requête n'est pas du HTTP/1.1 valable.");
    }
    auto message = parser_->release();
    keep_alive_ = message.keep_alive();
    head_ = message.method() == http::verb::head;
    auto request = to_request(message);
    if (request) {
        beast::error_code unknown;
        const auto peer = stream_.socket().remote_endpoint(unknown);
        if (!unknown) request->remote = peer.address().to_string();
    }
    if (!request) {
        return answer_error(400, "URL_MALFORMED", "Adresse illisible", "L'adresse demandée n'est pas valable.");
    }
    if (++server_->jobs > server_->limits.jobs_max) {
        --server_->jobs;
        Response busy = problem(503, "TOO_BUSY", "La passerelle est saturée; recommencez dans quelques secondes.");
        busy.headers.emplace_back("Retry-After", "2");
        finish_problem(busy, *request);
        add_security_headers(busy, *request);
        return answer(std::move(busy));
    }
    stream_.expires_never();
    net::post(server_->workers, [self = shared_from_this(), request = std::move(*request)]() mutable {
        Response response = self->server_->application(request);
        --self->server_->jobs;
        net::post(self->stream_.get_executor(), [self, response = std::move(response)]() mutable {
            if (response.stream) {
                self->start_stream(std::move(response));
            } else {
                self->answer(std::move(response));
            }
        });
    });
}

void Connection::answer_error(int status, std::string code, std::string title, std::string detail) {
    Response response;
    response.status = status;
    response.problem = Problem{std::move(code), std::move(title), std::move(detail), {}};
    Request nothing;
    nothing.trace_id = trace_id_from({});
    finish_problem(response, nothing);
    add_security_headers(response, nothing);
    answer(std::move(response));
}

void Connection::answer(Response response) {
    auto message = std::make_unique<http::response<http::string_body>>();
    message->version(11);
    message->result(static_cast<unsigned>(response.status));
    if (!response.content_type.empty()) message->set(http::field::content_type, response.content_type);
    for (const auto& [name, value] : response.headers) message->set(name, value);
    message->keep_alive(keep_alive_);
    message->content_length(response.body.size());
    if (!head_ && response.status != 304) message->body() = std::move(response.body);
    write_part(std::make_shared<Outgoing>(std::move(message)));
}

// Part by part: the time limit is for a client that stops reading, not for one at the end of a slow line.
void Connection::write_part(std::shared_ptr<Outgoing> outgoing) {
    stream_.expires_after(server_->limits.write);
    auto& serializer = outgoing->serializer;
    http::async_write_some(
        stream_, serializer,
        [self = shared_from_this(), outgoing = std::move(outgoing)](beast::error_code error, std::size_t) {
            if (!error && !outgoing->serializer.is_done()) return self->write_part(outgoing);
            if (!error && self->keep_alive_) return self->read();
            beast::error_code ignored;
            self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
            self->stream_.close();
        });
}

void Connection::start_stream(Response response) {
    if (++server_->streams > server_->limits.streams_max) {
        --server_->streams;
        return answer_error(503, "TOO_MANY_STREAMS", "Trop de pages en direct",
                            "Trop de pages suivent la chaîne en direct; fermez-en une.");
    }
    streaming_ = true;
    // Nothing more is read of this client but its end.
    parser_.reset();
    buffer_ = {};
    // What the kernel holds for a client that does not read counts too.
    beast::error_code ignored;
    stream_.socket().set_option(net::socket_base::send_buffer_size(kStreamSocketBytes), ignored);
    // The live response is written as raw octets after its header, without length: it ends when the link does.
    std::string head = "HTTP/1.1 200 OK\r\nContent-Type: " + response.content_type + "\r\nConnection: close\r\n";
    for (const auto& [name, value] : response.headers) head += name + ": " + value + "\r\n";
    send(head + "\r\n");
    if (head_) return close();
    auto begin = std::move(response.stream);
    net::post(server_->workers, [self = shared_from_this(), begin = std::move(begin)] { begin(self); });
    // Watches for the end: a client of a live response says nothing more.
    auto unexpected = std::make_shared<std::array<char, 64>>();
    stream_.socket().async_read_some(net::buffer(*unexpected), [self = shared_from_this(), unexpected](
                                                                   beast::error_code, std::size_t) { self->close(); });
}

bool Connection::send(SharedBytes bytes) {
    {
        const std::lock_guard lock(mutex_);
        if (closed_) return false;
        if (pending_ + bytes->size() > server_->limits.stream_bytes_max) {
            closed_ = true;
        } else {
            pending_ += bytes->size();
            chunks_.push_back(std::move(bytes));
            if (write_scheduled_) return true;
            write_scheduled_ = true;
        }
        if (closed_) {
            net::post(stream_.get_executor(), [self = shared_from_this()] { self->stream_.close(); });
            return false;
        }
    }
    net::post(stream_.get_executor(), [self = shared_from_this()] { self->write_chunks(); });
    return true;
}

std::size_t Connection::pending_bytes() const {
    const std::lock_guard lock(mutex_);
    return pending_;
}

void Connection::write_chunks() {
    {
        const std::lock_guard lock(mutex_);
        writing_.clear();
        written_ = 0;
        writing_.swap(chunks_);
        if (writing_.empty() || closed_) {
            write_scheduled_ = false;
            return;
        }
    }
    write_rest();
}

void Connection::write_rest() {
    std::vector<net::const_buffer> left;
    std::size_t skipped = written_;
    std::size_t whole = 0;
    for (const auto& chunk : writing_) {
        whole += chunk->size();
        const std::size_t passed = std::min(skipped, chunk->size());
        skipped -= passed;
        if (passed < chunk->size()) left.push_back(net::buffer(*chunk) + passed);
    }
    stream_.expires_after(server_->limits.write);
    stream_.async_write_some(left, [self = shared_from_this(), whole](beast::error_code error, std::size_t sent) {
        {
            const std::lock_guard lock(self->mutex_);
            self->pending_ -= std::min(self->pending_, sent);
            if (error) self->closed_ = true;
        }
        if (error) return self->stream_.close();
        self->written_ += sent;
        if (self->written_ < whole) return self->write_rest();
        self->stream_.expires_never();
        self->write_chunks();
    });
}

}  // namespace pleiade::gateway
