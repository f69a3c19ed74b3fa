#include "services/ingest/bus_registrar.h"

namespace pleiade::ingest {
namespace {

constexpr std::chrono::milliseconds kReachablePatience{1'000};

}  // namespace

bus::CallOptions BusRegistrar::with(const std::string& key) const {
    bus::CallOptions options;
    options.idempotency_key = key;
    options.patience = patience_;
    return options;
}

Result<v1::LotOpened> BusRegistrar::open_lot(const v1::OpenLot& lot, const std::string& key) {
    return client_.ask<v1::LotOpened>(lot, with(key));
}

Result<v1::Registered> BusRegistrar::register_pli(const v1::Register& pli, const std::string& key) {
    return client_.ask<v1::Registered>(pli, with(key));
}

Result<v1::Rejected> BusRegistrar::reject(const v1::Reject& rejection, const std::string& key) {
    return client_.ask<v1::Rejected>(rejection, with(key));
}

bool BusRegistrar::reachable() {
    bus::CallOptions options;
    options.patience = kReachablePatience;
    const auto answer = client_.ask<v1::Status>(v1::StatusQuery{}, options);
    return answer || answer.error().code != "HUB_UNREACHABLE";  // a refusal is an answer too
}

}  // namespace pleiade::ingest
