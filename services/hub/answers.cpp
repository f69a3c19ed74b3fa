#include "services/hub/answers.h"

#include "common/bus/limits.h"
#include "common/wire/error_kind.h"

namespace pleiade::hub {
v1::Envelope refuse(const v1::Envelope& request, const Error& error, std::uint64_t epoch) {
    v1::Refused refused;
    refused.set_kind(wire::word_of(error.kind));
    refused.set_code(error.code);
    refused.set_message(error.message);
    return bus::answer_to(request, refused, epoch);
}

Result<void> check_version(const v1::Envelope& request) {
    if (request.version() == bus::kProtocolVersion) return {};
    return invalid("UNKNOWN_VERSION", "this hub speaks version " + std::to_string(bus::kProtocolVersion) +
                                          " of the protocol, not " + std::to_string(request.version()));
}

}  // namespace pleiade::hub
