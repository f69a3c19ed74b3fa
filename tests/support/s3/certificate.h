// A certificate that nobody has signed but itself, for a server of the tests' own. Its key lives as long as the test.
#pragma once

#include <chrono>
#include <string>

namespace pleiade::test {

struct Certificate {
    std::string certificate_pem;
    std::string key_pem;
};

// `name`: an address, as "127.0.0.1". It is good from an hour ago until `until` from now.
Certificate certificate_of(const std::string& name, std::chrono::seconds until = std::chrono::hours(1));

}  // namespace pleiade::test
