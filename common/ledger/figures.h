// The figures of the supervision wall, folded from the journal: rates per step, what each service took in time, delays
// per type, and the history of the stocks, which is what is now less what has moved since.
//
// Operation: `add` takes the journal's entries in their order, each once; `figures` reads. Nothing is stored: a restart
// folds the last day again.
// Concurrency: one thread.
// Limits: a day; minutes for rates and history, hours for delays and punctuality; a delay within 3 %; days are working
// days from Monday to Friday (`due` knows the public holidays, J and J+1 do not).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "common/wire/messages.h"

namespace pleiade::ledger {

// One entry of the journal, with what it is about as that stands now.
struct Movement {
    std::int64_t seq = 0;
    std::int64_t at_ms = 0;
    std::string kind, from_state, to_state;
    std::string ref;  // of "pli.keyed": the lease
    bool master = false;
    std::string type;
    std::int64_t registered_at_ms = 0;
    std::string received_on;
    std::string caisse, service, priority;  // of a delivery
    std::int64_t due_ms = 0;
};

// How many values fell where, on a logarithmic scale.
class Spread {
  public:
    void add(std::int64_t milliseconds);
    void add(const Spread& other);
    std::int64_t count() const { return count_; }
    // The value that `tenths` tenths of all do not exceed, in seconds.
    std::int64_t decile(int tenths) const;

  private:
    std::map<int, std::int64_t> cells_;
    std::int64_t count_ = 0;
};

class FigureBook {
  public:
    static constexpr std::int64_t kKeptMs = 24 * 3'600'000;

    void add(const Movement& movement);
    void forget_before(std::int64_t at_ms);
    std::int64_t last_seq() const { return last_seq_; }
    // The journal before this entry is not in the book.
    void start_after(std::int64_t seq, std::int64_t at_ms);

    // `status` is of the same moment as the last movement: its stocks are where history starts from.
    v1::Figures figures(const v1::FiguresQuery& query, const v1::Status& status, std::int64_t now_ms) const;

  private:
    static constexpr std::size_t kSteps = 10;
    static constexpr std::size_t kStocks = 7;
    using QueueKey = std::tuple<std::string, std::string, std::string>;
    struct QueueFlow {
        std::int64_t in = 0, out = 0, deeper = 0;
    };
    struct Minute {
        std::array<std::int64_t, kSteps> steps{};
        std::array<std::int64_t, kStocks> more{};
        std::map<QueueKey, QueueFlow> queues;
    };
    struct Taken {
        std::int64_t all = 0, on_time = 0, day0 = 0, day1 = 0;
    };
    struct Hour {
        std::map<QueueKey, Taken> taken;
        std::map<std::string, Spread> queued, closed;  // by type
    };

    void add_step(const Movement& movement, Minute& minute) const;
    void add_delivery(const Movement& movement);
    void add_steps(std::int64_t now_ms, v1::Figures& figures) const;
    void add_queues(const v1::FiguresQuery& query, const v1::Status& status, std::int64_t now_ms,
                    v1::Figures& figures) const;
    void add_delays(const v1::FiguresQuery& query, v1::Figures& figures) const;
    void add_history(const v1::FiguresQuery& query, const v1::Status& status, std::int64_t now_ms,
                     v1::Figures& figures) const;

    std::map<std::int64_t, Minute> minutes_;  // by minutes since 1970
    std::map<std::int64_t, Hour> hours_;
    std::int64_t last_seq_ = 0;
    std::int64_t since_ms_ = 0;
};

}  // namespace pleiade::ledger
