// A hub of which only what live pages ask exists: counts of a mail room's queues, and events at a steady rate, each
// marked with the moment it was made. Thread-safe.
#pragma once

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "services/gateway/desk.h"

namespace pleiade::bench {

// Of CLOCK_MONOTONIC, which all processes share.
std::int64_t now_ns();

class LiveDesk final : public gateway::Desk {
  public:
    LiveDesk(int queues, int events_per_second);
    ~LiveDesk() override;

    Result<v1::Status> status() override;
    Result<v1::Events> events(std::int64_t after, int limit) override;

    Result<v1::DocumentsPage> documents(const v1::DocumentsQuery&) override { return none(); }
    Result<v1::DocumentView> document(const std::string&) override { return none(); }
    Result<v1::PliView> pli(const std::string&) override { return none(); }
    Result<v1::Rejections> rejections(int) override { return none(); }
    Result<v1::Workers> workers() override { return none(); }
    Result<v1::Taken> take(const v1::Take&, const std::string&) override { return none(); }
    Result<v1::Acted> acknowledge(const v1::Acknowledge&, const std::string&) override { return none(); }
    Result<v1::Acted> give_back(const v1::ReturnToPlatform&, const std::string&) override { return none(); }
    Result<v1::Acted> release(const v1::Release&, const std::string&) override { return none(); }

  protected:
    // Every live page is of the same person, who is signed in.
    Result<v1::Envelope> call(const std::string& type, const std::string& body, const std::string& key) override;

  private:
    static tl::unexpected<Error> none() { return unavailable("NOT_IN_THIS_BENCH", "only live pages are served here"); }
    void produce();

    const int queues_;
    const int events_per_second_;
    std::mutex mutex_;
    std::vector<v1::Event> events_;  // under `mutex_`
    std::atomic<bool> stop_{false};
    std::thread producer_;
};

}  // namespace pleiade::bench
