// Writes down who sees which page, before its bytes leave.
//
// Operation: `note` returns once the hub has it in its journal. While one question is on its way, those who come
// meanwhile wait together for the next: many viewers cost few commits.
// Concurrency: any thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "services/gateway/desk.h"

namespace pleiade::gateway {

class ViewJournal {
  public:
    explicit ViewJournal(Desk& desk) : desk_(desk) {}
    // An error: the bytes must not leave.
    Result<void> note(v1::PageView view);

  private:
    struct Batch {
        v1::NoteViews views;
        bool done = false;
        std::optional<Error> error;
    };

    Desk& desk_;
    std::mutex mutex_;
    std::condition_variable done_;
    bool sending_ = false;              // under `mutex_`
    std::shared_ptr<Batch> gathering_;  // under `mutex_`: those who wait for the next question
};

}  // namespace pleiade::gateway
