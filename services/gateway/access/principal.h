// Who asks: a person who is signed in, a service's machine with its key, or nobody known.
//
// Made by Sessions from what the hub says of the account; handlers read it and never take anybody's word for it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pleiade::gateway {

enum class Role {
    Anyone,       // nobody known
    ThisMachine,  // nobody known, on a gateway that nothing but this machine reaches
    ScanOperator,
    Keyer,
    Supervisor,
    ServiceAgent,
    Auditor,
    TechnicalAdmin,
    ServiceMachine,  // a bearer key
};

struct Principal {
    std::string name;  // as the journal writes it; empty: nobody known
    std::string display_name;
    std::vector<Role> roles;
    std::vector<std::string> skills;
    std::vector<std::string> services;  // "595-IJ"
    std::vector<std::string> caisses;   // none: all
    bool medical = false;
    bool must_change_password = false;
    bool recently_authenticated = false;
    std::string session_hash{};  // 32 bytes; empty: no session
    std::string csrf{};          // what a request that changes something repeats
    std::string method{};        // "password", "oidc"
    std::int64_t idle_left_ms = 0;
    std::int64_t absolute_left_ms = 0;

    bool is(Role role) const { return std::ranges::find(roles, role) != roles.end(); }
    bool known() const { return !name.empty(); }
    bool serves(const std::string& service) const { return std::ranges::find(services, service) != services.end(); }
};

}  // namespace pleiade::gateway
