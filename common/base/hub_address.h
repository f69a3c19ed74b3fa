// Where the hubs of an installation are, and the keys that open them (docs/formats/bus.md).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pleiade {

struct HubAddress {
    HubAddress() = default;
    explicit HubAddress(std::vector<std::string> all) : endpoints(std::move(all)) {}
    // Meant to convert: "ipc://PATH" or "tcp://HOST:PORT", or several with commas between them; no keys.
    HubAddress(std::string_view text) {
        while (!text.empty()) {
            const auto comma = text.find(',');
            if (comma != 0) endpoints.emplace_back(text.substr(0, comma));
            text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
        }
    }
    HubAddress(const std::string& text) : HubAddress(std::string_view(text)) {}
    HubAddress(const char* text) : HubAddress(std::string_view(text)) {}

    std::vector<std::string> endpoints{};  // in the order in which they are tried
    // For tcp:// only: the file of this process's own key, and the public keys of the hubs.
    std::string key_file{};
    std::vector<std::string> hub_keys{};
};

// Whether the endpoint leaves this machine's file permissions behind.
inline bool is_tcp(std::string_view endpoint) {
    return endpoint.rfind("tcp://", 0) == 0;
}

// Whether the text has the form of a key of the bus: 32 bytes in Z85.
inline bool is_bus_key(std::string_view text) {
    constexpr std::string_view kZ85 =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
    return text.size() == 40 && text.find_first_not_of(kZ85) == std::string_view::npos;
}

}  // namespace pleiade
