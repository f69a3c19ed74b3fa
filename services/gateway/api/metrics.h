// Figures of the gateway, by route of the table: never by identifier, so that their number stays bounded.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <string>

namespace pleiade::gateway {

class Metrics {
  public:
    Metrics();

    // `route`: the pattern that answered, or "none".
    void answered(const std::string& route, const std::string& method, int status, std::chrono::nanoseconds took);
    void live_clients(std::size_t count) { live_.Set(static_cast<double>(count)); }
    const prometheus::Registry& registry() const { return registry_; }

  private:
    prometheus::Registry registry_;
    prometheus::Family<prometheus::Counter>& requests_;
    prometheus::Family<prometheus::Histogram>& seconds_;
    prometheus::Gauge& live_;
};

}  // namespace pleiade::gateway
