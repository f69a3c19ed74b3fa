// The hub, over the bus.
#pragma once

#include <chrono>

#include "common/bus/client.h"
#include "services/ingest/registrar.h"

namespace pleiade::ingest {

// Concurrency: one thread, like its client. `patience`: how long one question waits for its answer.
class BusRegistrar final : public Registrar {
  public:
    BusRegistrar(bus::Client& client, std::chrono::milliseconds patience) : client_(client), patience_(patience) {}

    Result<v1::LotOpened> open_lot(const v1::OpenLot& lot, const std::string& key) override;
    Result<v1::Registered> register_pli(const v1::Register& pli, const std::string& key) override;
    Result<v1::Rejected> reject(const v1::Reject& rejection, const std::string& key) override;
    bool reachable() override;

  private:
    bus::CallOptions with(const std::string& key) const;

    bus::Client& client_;
    const std::chrono::milliseconds patience_;
};

}  // namespace pleiade::ingest
