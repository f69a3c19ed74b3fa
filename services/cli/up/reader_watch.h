// What a machine's supervisor sees of the mail that waits and of those who read it, from the hub's answers.
//
// Operation: `look` each few seconds. The rate of a reader is what all of them did over the time that they were at
// work, of the last ten minutes; what one holds is the most that any has reported, with a half more for what it holds
// in the middle of a pli. A machine is known by the readers of its name (`reader-1@machine`) that report; one without
// a name is this one. Concurrency: one thread. Limits: two machines of one name count as one.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/domain/arrivals.h"
#include "common/wire/messages.h"
#include "services/cli/up/reader_scale.h"

namespace pleiade::cli {

// What several hubs say of their workers, as one would: who went from one to another counts where it spoke last.
v1::Workers together(const std::vector<v1::Workers>& of_hubs);

class ReaderWatch {
  public:
    explicit ReaderWatch(std::string machine) : machine_(std::move(machine)) {}

    ReaderLoad look(MonotonicTime now, const v1::Status& status, const v1::Workers& workers,
                    std::uint64_t available_bytes);

  private:
    struct Stretch {
        MonotonicTime at;
        double done;
        double minutes_at_work;
    };
    const std::string machine_;
    Arrivals arrivals_;
    std::map<std::string, std::uint64_t> done_;
    std::deque<Stretch> stretches_;
    std::optional<MonotonicTime> looked_at_;
    std::uint64_t reader_bytes_ = 0;
};

// What this process may still use: of the machine, and of its control group (a container).
std::uint64_t available_memory_bytes();

}  // namespace pleiade::cli
