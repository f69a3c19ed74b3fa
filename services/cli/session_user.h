// Who types: written beside what she asks for. Private to this folder.
#pragma once

#include <string>

namespace pleiade::cli {

// `named` when it is given, else the name of this session's user.
std::string session_user(const std::string& named);

}  // namespace pleiade::cli
