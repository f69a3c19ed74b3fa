#include "services/gateway/api/figures_json.h"

#include "services/gateway/api/json.h"

namespace pleiade::gateway {

namespace {

template <class Values>
boost::json::array numbers_json(const Values& values) {
    boost::json::array out;
    out.reserve(static_cast<std::size_t>(values.size()));
    for (const auto value : values) out.emplace_back(value);
    return out;
}

boost::json::object queue_figures_json(const v1::QueueFigures& queue) {
    return {{"caisse", queue.caisse()},
            {"service", queue.service()},
            {"priority", queue.priority()},
            {"depth", queue.depth()},
            {"oldest_seconds", queue.oldest_seconds()},
            {"overdue", queue.overdue()},
            {"due_within_hour", queue.due_within_hour()},
            {"in_10_minutes", queue.in_10_minutes()},
            {"out_10_minutes", queue.out_10_minutes()},
            {"in_hour", queue.in_hour()},
            {"out_hour", queue.out_hour()},
            {"taken", queue.taken_day()},
            {"taken_on_time", queue.taken_on_time()},
            {"taken_day0", queue.taken_day0()},
            {"taken_day1", queue.taken_day1()}};
}

boost::json::object history_json(const v1::History& history) {
    boost::json::object flows;
    for (const auto& line : history.flows()) flows[line.name()] = numbers_json(line.values());
    boost::json::object stocks;
    for (const auto& line : history.stocks()) stocks[line.name()] = numbers_json(line.values());
    boost::json::array queues;
    for (const auto& line : history.queues()) {
        queues.push_back(boost::json::object{{"caisse", line.caisse()},
                                             {"service", line.service()},
                                             {"priority", line.priority()},
                                             {"depth", numbers_json(line.depth())}});
    }
    return {{"from", time_text(history.from_ms())}, {"bucket_minutes", history.bucket_minutes()},
            {"buckets", history.buckets()},         {"flows", std::move(flows)},
            {"stocks", std::move(stocks)},          {"queues", std::move(queues)}};
}

}  // namespace

boost::json::object figures_json(const v1::Figures& figures) {
    boost::json::array steps;
    for (const auto& step : figures.steps()) {
        steps.push_back(boost::json::object{{"step", step.step()},
                                            {"last_10_minutes", step.last_10_minutes()},
                                            {"last_hour", step.last_hour()},
                                            {"last_day", step.last_day()}});
    }
    boost::json::array queues;
    for (const auto& queue : figures.queues()) queues.push_back(queue_figures_json(queue));
    boost::json::array delays;
    for (const auto& delay : figures.delays()) {
        delays.push_back(boost::json::object{{"type", delay.type()},
                                             {"until", delay.until()},
                                             {"count", delay.count()},
                                             {"decile_seconds", numbers_json(delay.decile_seconds())}});
    }
    boost::json::object out{{"at", time_text(figures.at_ms())}, {"since", time_text(figures.since_ms())},
                            {"complete", figures.complete()},   {"last_event", figures.last_event()},
                            {"steps", std::move(steps)},        {"queues", std::move(queues)},
                            {"delays", std::move(delays)}};
    if (figures.has_history()) out["history"] = history_json(figures.history());
    return out;
}

}  // namespace pleiade::gateway
