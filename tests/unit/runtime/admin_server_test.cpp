#include "common/runtime/admin_server.h"

#include <gtest/gtest.h>
#include <prometheus/counter.h>

#include <boost/asio.hpp>

namespace pleiade::runtime {
namespace {

std::string get(std::uint16_t port, const std::string& request_line) {
    boost::asio::io_context io;
    boost::asio::ip::tcp::socket socket(io);
    socket.connect({boost::asio::ip::address_v4::loopback(), port});
    boost::asio::write(socket, boost::asio::buffer(request_line + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    std::string answer;
    boost::system::error_code error;
    boost::asio::read(socket, boost::asio::dynamic_buffer(answer), error);
    return answer;
}

struct AdminServerTest : testing::Test {
    std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
    std::atomic<bool> store_writable{true};
    AdminServer server{0, registry, [this] {
                           return std::vector<ReadyCheck>{{"store", store_writable, "free some disk space"}};
                       }};
};

TEST_F(AdminServerTest, ServesTheRegistryInPrometheusText) {
    prometheus::BuildCounter().Name("pleiade_plis_total").Help("Plis.").Register(*registry).Add({}).Increment(3);
    const auto answer = get(server.port(), "GET /metrics");
    EXPECT_NE(answer.find("200 OK"), std::string::npos);
    EXPECT_NE(answer.find("pleiade_plis_total 3"), std::string::npos) << answer;
}

TEST_F(AdminServerTest, NamesTheCheckThatFailsAndWhatToDo) {
    EXPECT_NE(get(server.port(), "GET /readyz").find("200 OK"), std::string::npos);
    store_writable = false;
    const auto answer = get(server.port(), "GET /readyz");
    EXPECT_NE(answer.find("503"), std::string::npos);
    EXPECT_NE(answer.find("NO store: free some disk space"), std::string::npos) << answer;
}

TEST_F(AdminServerTest, RefusesWhatItDoesNotServe) {
    EXPECT_NE(get(server.port(), "GET /other").find("404"), std::string::npos);
    EXPECT_NE(get(server.port(), "DELETE /metrics").find("405"), std::string::npos);
}

}  // namespace
}  // namespace pleiade::runtime
