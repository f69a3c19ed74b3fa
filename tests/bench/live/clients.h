// Many browsers that follow the chain, as one thread with epoll: what each event took to reach each of them.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace pleiade::bench {

struct Followed {
    std::vector<double> milliseconds;  // one per event and client
    std::int64_t bytes = 0;
    int lost = 0;    // clients that were refused or cut
    int missed = 0;  // events that a client did not get, among those that another got
};

class Clients {
  public:
    Clients(std::uint16_t port, int count);
    ~Clients();
    Clients(const Clients&) = delete;
    Clients& operator=(const Clients&) = delete;

    // Reads for so long; what came before `settling` is over is not counted.
    Followed follow(std::chrono::milliseconds settling, std::chrono::milliseconds measured);

  private:
    struct Client {
        int socket = -1;
        std::vector<char> rest;  // of a block not yet whole
        std::int64_t first = 0;  // sequences counted
        std::int64_t last = 0;
        int seen = 0;
    };
    void take(Client& client, Followed& out, bool counts);

    std::vector<Client> clients_;
    int epoll_ = -1;
};

}  // namespace pleiade::bench
