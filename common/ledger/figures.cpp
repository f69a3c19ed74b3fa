#include "common/ledger/figures.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <string_view>
#include <vector>

#include "common/domain/calendar.h"
#include "common/domain/paris_day.h"

namespace pleiade::ledger {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;
// Each cell is 6 % wider than the one before: its middle is within 3 % of all that it holds.
constexpr double kCellRatio = 1.06;
constexpr int kPointsStandard = 60;
constexpr int kPointsMax = 240;
constexpr int kHistoryMinutesMax = 24 * 60;

enum Step : std::size_t { Registered, Rejected, Read, Routed, ToKey, Keyed, Queued, TakenByAService, Closed, Returned };
constexpr std::array<std::string_view, 10> kStepNames = {"registered", "rejected", "read",  "routed", "to_key",
                                                         "keyed",      "queued",   "taken", "closed", "returned"};
constexpr std::array<std::string_view, 10> kStepKinds = {
    "pli.registered", "pli.rejected",    "pli.read",       "pli.routed",      "document.to_key",
    "pli.keyed",      "document.queued", "document.taken", "document.closed", "document.returned"};
constexpr std::array<std::string_view, 7> kStockNames = {"route", "to_key",   "keying", "queued",
                                                         "taken", "returned", "held"};
constexpr std::array<std::string_view, 7> kStockStates = {"READ",  "TO_KEY",   "KEYING", "QUEUED",
                                                          "TAKEN", "RETURNED", "HELD"};

template <class Table>
std::optional<std::size_t> place_in(const Table& table, std::string_view name) {
    const auto found = std::find(table.begin(), table.end(), name);
    if (found == table.end()) return std::nullopt;
    return static_cast<std::size_t>(found - table.begin());
}

std::int64_t stock_now(const v1::Status& status, std::size_t stock) {
    switch (stock) {
        case 0:
        case 2:
            for (const auto& stage : status.in_flight()) {
                if (stage.stage() == (stock == 0 ? "route" : "keying")) return stage.count();
            }
            return 0;
        case 1:
            return status.to_key();
        case 3:
            return status.queued();
        case 4:
            return status.taken();
        case 5:
            return status.returned();
        default:
            return status.held();
    }
}

bool admits(const v1::FiguresQuery& query, const std::tuple<std::string, std::string, std::string>& queue) {
    const auto& [caisse, service, priority] = queue;
    return (query.caisse().empty() || query.caisse() == caisse) &&
           (query.service().empty() || query.service() == service) &&
           (query.priority().empty() || query.priority() == priority);
}

std::chrono::sys_time<std::chrono::milliseconds> instant(std::int64_t ms) {
    return std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(ms));
}

}  // namespace

void Spread::add(std::int64_t milliseconds) {
    const double seconds = static_cast<double>(std::max<std::int64_t>(milliseconds, 1'000)) / 1'000;
    ++cells_[static_cast<int>(std::floor(std::log(seconds) / std::log(kCellRatio)))];
    ++count_;
}

void Spread::add(const Spread& other) {
    for (const auto& [cell, count] : other.cells_) cells_[cell] += count;
    count_ += other.count_;
}

std::int64_t Spread::decile(int tenths) const {
    const std::int64_t rank = std::max<std::int64_t>(1, (count_ * tenths + 9) / 10);
    std::int64_t seen = 0;
    for (const auto& [cell, count] : cells_) {
        seen += count;
        if (seen >= rank) return std::llround(std::pow(kCellRatio, cell + 0.5));
    }
    return 0;
}

void FigureBook::start_after(std::int64_t seq, std::int64_t at_ms) {
    last_seq_ = seq;
    since_ms_ = at_ms;
}

void FigureBook::forget_before(std::int64_t at_ms) {
    minutes_.erase(minutes_.begin(), minutes_.lower_bound(at_ms / kMinuteMs));
    hours_.erase(hours_.begin(), hours_.lower_bound(at_ms / kHourMs));
    since_ms_ = std::max(since_ms_, at_ms);
}

void FigureBook::add(const Movement& movement) {
    last_seq_ = movement.seq;
    if (movement.kind.starts_with("delivery.")) {
        add_delivery(movement);
        return;
    }
    add_step(movement, minutes_[movement.at_ms / kMinuteMs]);
    // Attachments go with their master, and are not counted twice.
    if (!movement.master || movement.registered_at_ms == 0) return;
    Hour& hour = hours_[movement.at_ms / kHourMs];
    if (movement.kind == "document.queued" && movement.from_state == "READ") {
        hour.queued[movement.type].add(movement.at_ms - movement.registered_at_ms);
    } else if (movement.kind == "document.closed") {
        hour.closed[movement.type].add(movement.at_ms - movement.registered_at_ms);
    }
}

void FigureBook::add_step(const Movement& movement, Minute& minute) const {
    // A reclassification replaces the reading too, but nobody keyed it.
    const bool by_lease = movement.kind != "pli.keyed" || movement.ref.starts_with("lease ");
    if (const auto step = place_in(kStepKinds, movement.kind); step && by_lease) ++minute.steps.at(*step);
    if (!movement.kind.starts_with("document.")) return;
    if (const auto stock = place_in(kStockStates, movement.from_state)) --minute.more.at(*stock);
    if (const auto stock = place_in(kStockStates, movement.to_state)) ++minute.more.at(*stock);
}

void FigureBook::add_delivery(const Movement& movement) {
    const QueueKey key{movement.caisse, movement.service, movement.priority};
    QueueFlow& flow = minutes_[movement.at_ms / kMinuteMs].queues[key];
    if (movement.from_state == "QUEUED") --flow.deeper;
    if (movement.to_state == "QUEUED") ++flow.deeper;
    if (movement.from_state.empty()) ++flow.in;
    if (movement.to_state != "QUEUED" && movement.to_state != "TAKEN") ++flow.out;
    if (movement.kind != "delivery.taken") return;
    Taken& taken = hours_[movement.at_ms / kHourMs].taken[key];
    ++taken.all;
    if (movement.at_ms <= movement.due_ms) ++taken.on_time;
    if (const auto received = day_from(movement.received_on)) {
        const Calendar weekdays;
        const Day day = paris_day(instant(movement.at_ms));
        if (day <= weekdays.working_day(*received, 0, "")) ++taken.day0;
        if (day <= weekdays.working_day(*received, 1, "")) ++taken.day1;
    }
}

v1::Figures FigureBook::figures(const v1::FiguresQuery& query, const v1::Status& status, std::int64_t now_ms) const {
    v1::Figures figures;
    figures.set_at_ms(now_ms);
    figures.set_since_ms(since_ms_);
    figures.set_last_event(last_seq_);
    figures.set_complete(true);
    add_steps(now_ms, figures);
    add_queues(query, status, now_ms, figures);
    add_delays(query, figures);
    if (query.history_minutes() > 0) add_history(query, status, now_ms, figures);
    return figures;
}

void FigureBook::add_steps(std::int64_t now_ms, v1::Figures& figures) const {
    std::array<std::array<std::int64_t, 3>, kSteps> sums{};
    for (const auto& [minute, moved] : minutes_) {
        const std::int64_t age = now_ms / kMinuteMs - minute;
        for (std::size_t step = 0; step < kSteps; ++step) {
            if (age < 10) sums[step][0] += moved.steps[step];
            if (age < 60) sums[step][1] += moved.steps[step];
            sums[step][2] += moved.steps[step];
        }
    }
    for (std::size_t step = 0; step < kSteps; ++step) {
        v1::StepFigures& out = *figures.add_steps();
        out.set_step(std::string(kStepNames[step]));
        out.set_last_10_minutes(sums[step][0]);
        out.set_last_hour(sums[step][1]);
        out.set_last_day(sums[step][2]);
    }
}

void FigureBook::add_queues(const v1::FiguresQuery& query, const v1::Status& status, std::int64_t now_ms,
                            v1::Figures& figures) const {
    std::map<QueueKey, v1::QueueFigures> queues;
    const auto row = [&](const QueueKey& key) -> v1::QueueFigures* {
        if (!admits(query, key)) return nullptr;
        v1::QueueFigures& queue = queues[key];
        queue.set_caisse(std::get<0>(key));
        queue.set_service(std::get<1>(key));
        queue.set_priority(std::get<2>(key));
        return &queue;
    };
    for (const auto& queue : status.queues()) {
        if (auto* out = row({queue.caisse(), queue.service(), queue.priority()})) {
            out->set_depth(queue.depth());
            out->set_oldest_seconds(queue.oldest_seconds());
            out->set_overdue(queue.overdue());
            out->set_due_within_hour(queue.due_within_hour());
        }
    }
    for (auto at = minutes_.upper_bound(now_ms / kMinuteMs - 60); at != minutes_.end(); ++at) {
        const std::int64_t age = now_ms / kMinuteMs - at->first;
        for (const auto& [key, flow] : at->second.queues) {
            auto* out = row(key);
            if (out == nullptr) continue;
            out->set_in_hour(out->in_hour() + flow.in);
            out->set_out_hour(out->out_hour() + flow.out);
            if (age >= 10) continue;
            out->set_in_10_minutes(out->in_10_minutes() + flow.in);
            out->set_out_10_minutes(out->out_10_minutes() + flow.out);
        }
    }
    for (const auto& [hour, moved] : hours_) {
        for (const auto& [key, taken] : moved.taken) {
            auto* out = row(key);
            if (out == nullptr) continue;
            out->set_taken_day(out->taken_day() + taken.all);
            out->set_taken_on_time(out->taken_on_time() + taken.on_time);
            out->set_taken_day0(out->taken_day0() + taken.day0);
            out->set_taken_day1(out->taken_day1() + taken.day1);
        }
    }
    for (auto& [key, queue] : queues) *figures.add_queues() = std::move(queue);
}

void FigureBook::add_delays(const v1::FiguresQuery& query, v1::Figures& figures) const {
    std::map<std::pair<std::string, std::string>, Spread> spreads;
    for (const auto& [hour, moved] : hours_) {
        for (const auto& [type, spread] : moved.queued) spreads[{type, "queued"}].add(spread);
        for (const auto& [type, spread] : moved.closed) spreads[{type, "closed"}].add(spread);
    }
    for (const auto& [name, spread] : spreads) {
        if (!query.type().empty() && query.type() != name.first) continue;
        v1::DelayFigures& delay = *figures.add_delays();
        delay.set_type(name.first);
        delay.set_until(name.second);
        delay.set_count(spread.count());
        for (int tenths = 1; tenths <= 9; ++tenths) delay.add_decile_seconds(spread.decile(tenths));
    }
}

// Bucket 0 is the oldest; the last one holds the present minute.
void FigureBook::add_history(const v1::FiguresQuery& query, const v1::Status& status, std::int64_t now_ms,
                             v1::Figures& figures) const {
    const int minutes = std::clamp(query.history_minutes(), 1, kHistoryMinutesMax);
    const auto parts = [&](int most) { return (minutes + most - 1) / most; };
    const int bucket = query.bucket_minutes() > 0
                           ? std::clamp(query.bucket_minutes(), parts(kPointsMax), kHistoryMinutesMax)
                           : parts(kPointsStandard);
    const int points = (minutes + bucket - 1) / bucket;
    const std::int64_t end = now_ms / kMinuteMs + 1;
    const std::int64_t start = end - static_cast<std::int64_t>(points) * bucket;
    v1::History& history = *figures.mutable_history();
    history.set_from_ms(start * kMinuteMs);
    history.set_bucket_minutes(bucket);
    history.set_buckets(points);

    const auto size = static_cast<std::size_t>(points);
    std::array<std::vector<std::int64_t>, kSteps> flows;
    std::array<std::vector<std::int64_t>, kStocks> moves;
    for (auto& flow : flows) flow.resize(size);
    for (auto& move : moves) move.resize(size);
    std::map<QueueKey, std::vector<std::int64_t>> deeper;
    for (const auto& [minute, moved] : minutes_) {
        if (minute < start || minute >= end) continue;
        const auto at = static_cast<std::size_t>((minute - start) / bucket);
        for (std::size_t step = 0; step < kSteps; ++step) flows[step][at] += moved.steps[step];
        for (std::size_t stock = 0; stock < kStocks; ++stock) moves[stock][at] += moved.more[stock];
        if (!query.queue_lines()) continue;
        for (const auto& [key, flow] : moved.queues) {
            if (!admits(query, key)) continue;
            auto& line = deeper[key];
            line.resize(size);
            line[at] += flow.deeper;
        }
    }
    // What stood at the end of a bucket is what stands now less what came after it.
    const auto stocks_from = [&](std::int64_t now, const std::vector<std::int64_t>& more) {
        std::vector<std::int64_t> values(size);
        for (std::size_t at = size; at-- > 0;) {
            values[at] = std::max<std::int64_t>(0, now);
            now -= more[at];
        }
        return values;
    };
    for (std::size_t step = 0; step < kSteps; ++step) {
        v1::HistoryLine& line = *history.add_flows();
        line.set_name(std::string(kStepNames[step]));
        line.mutable_values()->Add(flows[step].begin(), flows[step].end());
    }
    for (std::size_t stock = 0; stock < kStocks; ++stock) {
        v1::HistoryLine& line = *history.add_stocks();
        line.set_name(std::string(kStockNames[stock]));
        const auto values = stocks_from(stock_now(status, stock), moves[stock]);
        line.mutable_values()->Add(values.begin(), values.end());
    }
    if (!query.queue_lines()) return;
    for (const auto& queue : status.queues()) {
        const QueueKey key{queue.caisse(), queue.service(), queue.priority()};
        if (admits(query, key)) deeper[key].resize(size);
    }
    for (const auto& [key, more] : deeper) {
        std::int64_t now = 0;
        for (const auto& queue : status.queues()) {
            if (QueueKey{queue.caisse(), queue.service(), queue.priority()} == key) now = queue.depth();
        }
        v1::QueueLine& line = *history.add_queues();
        line.set_caisse(std::get<0>(key));
        line.set_service(std::get<1>(key));
        line.set_priority(std::get<2>(key));
        const auto values = stocks_from(now, more);
        line.mutable_depth()->Add(values.begin(), values.end());
    }
}

}  // namespace pleiade::ledger
