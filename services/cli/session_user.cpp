#include "services/cli/session_user.h"

#include <pwd.h>
#include <unistd.h>

#include <array>

namespace pleiade::cli {

std::string session_user(const std::string& named) {
    if (!named.empty()) return named;
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) {
        return entry.pw_name;
    }
    return "uid " + std::to_string(::getuid());
}

}  // namespace pleiade::cli
