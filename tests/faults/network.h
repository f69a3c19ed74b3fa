// A network of this bench's own: a switch, and hosts around it, each a network namespace that has no name.
//
// Operation: the constructor takes the calling thread, and all that it starts from then on, out of the machine's
// network and to the switch. `add_host` plugs a host in; `enter` takes the calling thread there, `leave` back to the
// switch. `cut` unplugs a host's cable, or loses what passes: all of it, what the host says, or what is said to it.
// Concurrency: one thread adds, cuts and heals; any may enter. Limits: 200 hosts, IPv4. Needs iproute2 and the right to
// make namespaces: `why_not` tells. The kernel removes all of it with the last process there, however this one ends.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/vault/fd.h"

namespace pleiade::faults {

enum class Cut { Cable, Silence, Out, In };
std::string name_of(Cut cut);

class Network {
  public:
    // Empty where a network can be made, else the reason.
    static std::string why_not();

    Network();
    Network(const Network&) = delete;
    Network& operator=(const Network&) = delete;

    // One that is there stays as it is.
    void add_host(const std::string& name);
    std::string address(const std::string& name) const { return "10.77.0." + std::to_string(hosts_.at(name).number); }
    static std::string all_addresses() { return "10.77.0.0/24"; }
    void enter(const std::string& name) const;
    void leave() const;

    void cut(const std::string& name, Cut how);
    void heal(const std::string& name);

    // Connections that stand, as either end's kernel sees it, between the host and any other, the switch included, at
    // one of these ports.
    int connections_across(const std::string& name, const std::vector<int>& ports) const;

  private:
    struct Host {
        int number;
        vault::Fd space;
    };
    // `space` < 0: at the switch.
    static void run(const std::string& command, int space = -1);
    static std::string port_of(const Host& host) { return "port" + std::to_string(host.number); }

    vault::Fd switch_;
    std::map<std::string, Host> hosts_;
};

}  // namespace pleiade::faults
