// Received files -> one PDF. Pure: runs in the sandbox, and in tests.
#pragma once

#include <string>

#include "services/binder/request.h"
#include "services/binder/scan_image.h"

namespace pleiade::binder {

// `input`: the files one after the other. Throws Unreadable, or what qpdf throws.
std::string bind(const Request& request, Bytes input);

}  // namespace pleiade::binder
