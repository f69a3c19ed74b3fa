// What the acceptor and its connections share.
#pragma once

#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "services/gateway/http/beast.h"
#include "services/gateway/http/server.h"

namespace pleiade::gateway {

class Connection;

struct Server::Impl : std::enable_shared_from_this<Server::Impl> {
    Impl(Application app, const ServerLimits& lim);

    void accept();
    void joined(Connection* connection);
    void left(Connection* connection);

    Application application;
    ServerLimits limits;
    net::io_context io;
    // Keeps the threads running while an answer is on its way from a worker, until stop.
    net::executor_work_guard<net::io_context::executor_type> work;
    tcp::acceptor acceptor;
    net::thread_pool workers;
    std::vector<std::thread> threads;
    std::atomic<int> jobs{0};
    std::atomic<int> streams{0};
    std::atomic<bool> stopping{false};

    std::mutex mutex;
    std::set<Connection*> connections;  // under `mutex`
};

}  // namespace pleiade::gateway
