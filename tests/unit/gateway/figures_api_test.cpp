// The wall's figures over HTTP and in the live stream, before a real hub.
#include <gtest/gtest.h>

#include "tests/unit/gateway/station.h"

namespace pleiade::gateway {

namespace {

namespace json = boost::json;

std::int64_t last_day(const json::object& figures, std::string_view step) {
    for (const auto& one : figures.at("steps").as_array()) {
        if (one.at("step").as_string() == step) return one.at("last_day").as_int64();
    }
    ADD_FAILURE() << "no step " << step;
    return -1;
}

TEST(FiguresApi, TellsRatesQueuesDelaysAndHistory) {
    Station station;
    station.receive("0001", {.keying = false});
    const std::string doubtful = station.receive("0002");
    ASSERT_EQ(station.say("/api/v1/keying/" + doubtful + ":validate", Station::agreed(station.job("ann"))).status, 200);
    station.work();
    const auto answer = station.get("/api/v1/figures?history=60&bucket=10&lines=true");
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto figures = answer.json();
    EXPECT_TRUE(figures.at("complete").as_bool());
    EXPECT_EQ(last_day(figures, "registered"), 2);
    EXPECT_EQ(last_day(figures, "keyed"), 1);
    EXPECT_EQ(last_day(figures, "queued"), 2);
    ASSERT_EQ(figures.at("queues").as_array().size(), 1U);
    EXPECT_EQ(figures.at("queues").at(0).at("depth").as_int64(), 2);
    EXPECT_EQ(figures.at("queues").at(0).at("in_10_minutes").as_int64(), 2);
    EXPECT_EQ(figures.at("delays").at(0).at("decile_seconds").as_array().size(), 9U);
    const auto history = figures.at("history").as_object();
    EXPECT_EQ(history.at("buckets").as_int64(), 6);
    EXPECT_EQ(history.at("stocks").at("queued").at(5).as_int64(), 2);
    EXPECT_EQ(history.at("queues").at(0).at("depth").at(5).as_int64(), 2);
    EXPECT_EQ(answer.body.find("\"ann\""), std::string::npos) << "no figure is about a person";
}

TEST(FiguresApi, FiltersAndRefusesWhatItDoesNotKnow) {
    Station station;
    station.receive("0001", {.keying = false});
    EXPECT_TRUE(station.get("/api/v1/figures?caisse=131").json().at("queues").as_array().empty());
    EXPECT_FALSE(station.get("/api/v1/figures").json().contains("history"));
    EXPECT_EQ(station.get("/api/v1/figures?history=1441").code(), "PARAMETER_INVALID");
    EXPECT_EQ(station.get("/api/v1/figures?lines=perhaps").code(), "PARAMETER_INVALID");
}

TEST(FiguresApi, GoToLivePagesToo) {
    Station station;
    station.receive("0001", {.keying = false});
    std::string lines;
    for (const auto& [name, value] : station.credentials("", "")) lines += name + ": " + value + "\r\n";
    const auto text = station.raw("GET /api/v1/events HTTP/1.1\r\nHost: localhost:" + std::to_string(station.port()) +
                                      "\r\nLast-Event-ID: 0\r\n" + lines + "\r\n",
                                  "\"delays\"");
    EXPECT_NE(text.find("event: figures\ndata: {"), std::string::npos);
}

}  // namespace

}  // namespace pleiade::gateway
