// One client: reads a request, hands it to the application, writes the answer, again.
//
// Concurrency: everything runs on the socket's strand, but the application, which runs on a worker thread.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "services/gateway/http/server_impl.h"

namespace pleiade::gateway {

class Connection final : public StreamSink, public std::enable_shared_from_this<Connection> {
  public:
    Connection(std::shared_ptr<Server::Impl> server, tcp::socket socket);
    ~Connection() override;

    void start();
    void close() override;  // from any thread

    using StreamSink::send;
    bool send(SharedBytes bytes) override;
    std::size_t pending_bytes() const override;

  private:
    void read();
    void on_read(beast::error_code error);
    void answer(Response response);
    void answer_error(int status, std::string code, std::string title, std::string detail);
    void start_stream(Response response);
    void write_chunks();
    void write_rest();

    // An answer under way.
    struct Outgoing {
        explicit Outgoing(std::unique_ptr<http::response<http::string_body>> answer)
            : message(std::move(answer)), serializer(*message) {}
        std::unique_ptr<http::response<http::string_body>> message;
        http::response_serializer<http::string_body> serializer;
    };
    void write_part(std::shared_ptr<Outgoing> outgoing);

    std::shared_ptr<Server::Impl> server_;
    beast::tcp_stream stream_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    bool keep_alive_ = false;
    bool head_ = false;
    bool streaming_ = false;
    std::vector<SharedBytes> writing_;  // the chunks under way, of a live response
    std::size_t written_ = 0;           // of all of them

    mutable std::mutex mutex_;
    std::vector<SharedBytes> chunks_;  // under `mutex_`
    std::size_t pending_ = 0;          // under `mutex_`: bytes queued or under way
    bool closed_ = false;              // under `mutex_`
    bool write_scheduled_ = false;     // under `mutex_`
};

}  // namespace pleiade::gateway
