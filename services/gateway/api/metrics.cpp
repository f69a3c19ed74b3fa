#include "services/gateway/api/metrics.h"

namespace pleiade::gateway {

namespace {

const prometheus::Histogram::BucketBoundaries kSeconds = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

}  // namespace

Metrics::Metrics()
    : requests_(prometheus::BuildCounter()
                    .Name("pleiade_gateway_requests_total")
                    .Help("HTTP requests answered, by route, method and status")
                    .Register(registry_)),
      seconds_(prometheus::BuildHistogram()
                   .Name("pleiade_gateway_request_duration_seconds")
                   .Help("Time in the application, by route")
                   .Register(registry_)),
      live_(prometheus::BuildGauge()
                .Name("pleiade_gateway_live_clients")
                .Help("Pages that follow the chain live")
                .Register(registry_)
                .Add({})) {}

void Metrics::answered(const std::string& route, const std::string& method, int status, std::chrono::nanoseconds took) {
    requests_.Add({{"route", route}, {"method", method}, {"status", std::to_string(status)}}).Increment();
    seconds_.Add({{"route", route}}, kSeconds).Observe(std::chrono::duration<double>(took).count());
}

}  // namespace pleiade::gateway
