// The wall's figures, folded from the journal.
#include "common/ledger/figures.h"

#include <algorithm>
#include <numeric>

#include "common/base/check.h"
#include "tests/unit/ledger/keying_room.h"

namespace pleiade::ledger {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kMonday = 1'763'971'200'000;  // 2025-11-24T08:00:00Z

v1::StepFigures step(const v1::Figures& figures, const std::string& name) {
    for (const auto& one : figures.steps()) {
        if (one.step() == name) return one;
    }
    ADD_FAILURE() << "no step " << name;
    return {};
}

std::vector<std::int64_t> line(const google::protobuf::RepeatedPtrField<v1::HistoryLine>& lines,
                               const std::string& name) {
    for (const auto& one : lines) {
        if (one.name() == name) return {one.values().begin(), one.values().end()};
    }
    ADD_FAILURE() << "no line " << name;
    return {};
}

std::int64_t sum(const std::vector<std::int64_t>& values) {
    return std::accumulate(values.begin(), values.end(), std::int64_t{0});
}

class Figures : public KeyingRoom {
  protected:
    v1::Figures figures(const v1::FiguresQuery& query = {}) {
        while (!reader_->advance_figures()) {
        }
        return reader_->figures(query, status());
    }
    static v1::FiguresQuery history(int minutes, int bucket, bool lines = false) {
        v1::FiguresQuery query;
        query.set_history_minutes(minutes);
        query.set_bucket_minutes(bucket);
        query.set_queue_lines(lines);
        return query;
    }
};

TEST_P(Figures, CountWhatEachStepDidInTenMinutesAnHourAndADay) {
    queue_one("L1", "0001");
    clock_.advance(minutes(30));
    pli_to_key("0002");
    ASSERT_TRUE(validate(agreed(only(next("ann"))))->problems().empty());
    route_all();
    const auto now = figures();
    EXPECT_TRUE(now.complete());
    EXPECT_EQ(step(now, "registered").last_10_minutes(), 1);
    EXPECT_EQ(step(now, "registered").last_hour(), 2);
    EXPECT_EQ(step(now, "to_key").last_hour(), 1);
    EXPECT_EQ(step(now, "keyed").last_hour(), 1);
    EXPECT_EQ(step(now, "queued").last_hour(), 2);
    clock_.advance(hours(2));
    EXPECT_EQ(step(figures(), "queued").last_hour(), 0);
    EXPECT_EQ(step(figures(), "queued").last_day(), 2);
    clock_.advance(hours(24));
    EXPECT_EQ(step(figures(), "queued").last_day(), 0);  // a day only is kept
}

TEST_P(Figures, DoNotCountAReclassificationAsKeyed) {
    const std::string document = queue_one("L1", "0001");
    EXPECT_TRUE(recover("reclassify", document, "RIB").ok());
    EXPECT_EQ(step(figures(), "keyed").last_day(), 0);
}

TEST_P(Figures, TellEachQueuesDepthFlowsAndPunctuality) {
    queue_one("L1", "0001");
    queue_one("L1", "0002");
    const auto taken = take(from_queue("595", "IJ"));
    ASSERT_TRUE(acknowledge(taken->documents(0), "ij-1").has_value());
    const auto now = figures();
    ASSERT_EQ(now.queues_size(), 1);
    const auto& queue = now.queues(0);
    EXPECT_EQ(queue.service(), "IJ");
    EXPECT_EQ(queue.depth(), 1);
    EXPECT_EQ(queue.in_10_minutes(), 2);
    EXPECT_EQ(queue.out_10_minutes(), 1);
    EXPECT_EQ(queue.taken_day(), 1);
    EXPECT_EQ(queue.taken_on_time(), 1);  // due in 2026
    v1::FiguresQuery elsewhere;
    elsewhere.set_caisse("131");
    EXPECT_EQ(figures(elsewhere).queues_size(), 0);
}

TEST_P(Figures, TellWhatFallsDueWithinTheHour) {
    const std::string pli = register_new("L1", "0001");
    read_and_route(reading_of({{1}}), routed(1, "IJ", "2025-12-18T00:40:00Z"));
    EXPECT_EQ(figures().queues(0).due_within_hour(), 1);
    EXPECT_EQ(figures().queues(0).overdue(), 0);
    clock_.advance(minutes(41));
    EXPECT_EQ(figures().queues(0).due_within_hour(), 0);
    EXPECT_EQ(figures().queues(0).overdue(), 1);
}

TEST_P(Figures, TellTheStocksOfThePastFromThePresentOnes) {
    for (int i = 0; i < 3; ++i) {
        queue_one("L1", std::to_string(i));
        clock_.advance(minutes(10));
    }
    take(from_queue("595", "IJ"));
    const auto past = figures(history(40, 10, true)).history();
    EXPECT_EQ(past.buckets(), 4);
    EXPECT_EQ(line(past.stocks(), "queued"), (std::vector<std::int64_t>{1, 2, 3, 2}));
    EXPECT_EQ(line(past.stocks(), "taken"), (std::vector<std::int64_t>{0, 0, 0, 1}));
    EXPECT_EQ(sum(line(past.flows(), "queued")), 3);
    ASSERT_EQ(past.queues_size(), 1);
    EXPECT_EQ(past.queues(0).depth(3), 2);
    EXPECT_EQ(past.queues(0).depth(0), 1);
}

TEST_P(Figures, AreTheSameAfterARestart) {
    queue_one("L1", "0001");
    clock_.advance(minutes(5));
    pli_to_key("0002");
    auto before = figures(history(60, 5, true));
    restart();
    auto after = figures(history(60, 5, true));
    EXPECT_EQ(after.last_event(), before.last_event() + 1);  // the start itself
    before.clear_last_event();
    after.clear_last_event();
    EXPECT_EQ(before.SerializeAsString(), after.SerializeAsString());
}

TEST_P(Figures, HoldNobodysName) {
    const std::string pli = pli_to_key("0001");
    ASSERT_TRUE(validate(agreed(only(next("Mme Invente"))))->problems().empty());
    EXPECT_EQ(figures(history(60, 5, true)).SerializeAsString().find("Invente"), std::string::npos);
}

TEST(Spread, GivesDecilesWithinThreePercent) {
    Spread spread;
    for (int second = 1; second <= 1'000; ++second) spread.add(second * 1'000);
    for (int tenths = 1; tenths <= 9; ++tenths) {
        EXPECT_NEAR(static_cast<double>(spread.decile(tenths)), tenths * 100.0, tenths * 100.0 * 0.035);
    }
}

TEST(FigureBook, MeasuresDelaysFromRegistrationByType) {
    FigureBook book;
    for (int i = 1; i <= 10; ++i) {
        Movement queued{.seq = i,
                        .at_ms = kMonday,
                        .kind = "document.queued",
                        .from_state = "READ",
                        .to_state = "QUEUED",
                        .master = true,
                        .type = "AAT"};
        queued.registered_at_ms = kMonday - i * 100'000;
        book.add(queued);
    }
    const auto figures = book.figures({}, {}, kMonday + kMinuteMs);
    ASSERT_EQ(figures.delays_size(), 1);
    EXPECT_EQ(figures.delays(0).type(), "AAT");
    EXPECT_EQ(figures.delays(0).until(), "queued");
    EXPECT_EQ(figures.delays(0).count(), 10);
    EXPECT_NEAR(static_cast<double>(figures.delays(0).decile_seconds(4)), 500.0, 18.0);
}

TEST(FigureBook, TellsJFromJPlusOneOverAWeekend) {
    const auto taken_at = [](std::int64_t at_ms) {
        FigureBook book;
        book.add({.seq = 1,
                  .at_ms = at_ms,
                  .kind = "delivery.taken",
                  .from_state = "QUEUED",
                  .to_state = "TAKEN",
                  .received_on = "2025-11-21",
                  .caisse = "595",
                  .service = "IJ",
                  .priority = "P1",
                  .due_ms = kMonday});  // received on a Friday
        const auto figures = book.figures({}, {}, at_ms);
        PLEIADE_CHECK(figures.queues_size() == 1);
        return figures.queues(0);
    };
    constexpr std::int64_t kDayMs = 24 * 60 * kMinuteMs;
    EXPECT_EQ(taken_at(kMonday - 3 * kDayMs).taken_day0(), 1);
    const auto monday = taken_at(kMonday);
    EXPECT_EQ(monday.taken_day0(), 0);
    EXPECT_EQ(monday.taken_day1(), 1);
    EXPECT_EQ(monday.taken_on_time(), 1);
    const auto tuesday = taken_at(kMonday + kDayMs);
    EXPECT_EQ(tuesday.taken_day1(), 0);
    EXPECT_EQ(tuesday.taken_on_time(), 0);
}

ON_BOTH_ENGINES(Figures);

}  // namespace
}  // namespace pleiade::ledger
