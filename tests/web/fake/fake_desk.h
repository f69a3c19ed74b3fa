// A hub of invented mail in memory: enough of its rules (leases, fences, states, idempotency) for the gateway's own
// tests and for walking through the web page. Fails when told to. Thread-safe.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "services/gateway/desk.h"
#include "tests/web/fake/fake_people.h"

namespace pleiade::gateway::fake {

class FakeDesk final : public Desk {
  public:
    // Adds a document in the queue that its route names; gives it its first events.
    void add(v1::DocumentView view);
    void add_rejection(v1::RejectionRow row);
    void add_worker(v1::WorkerRow row);
    // From now on every call fails so; nothing when the hub is back.
    void fail_with(std::optional<Error> error);
    // Changes counts that no document explains, for pages that show a difference.
    void tweak_status(std::function<void(v1::Status&)> tweak);
    void forget_events();  // as another ledger would
    int calls(const std::string& method) const;
    v1::Event note_event(const std::string& kind, const std::string& document, const std::string& from,
                         const std::string& to);

    Result<v1::Status> status() override;
    Result<v1::DocumentsPage> documents(const v1::DocumentsQuery& query) override;
    Result<v1::DocumentView> document(const std::string& id) override;
    Result<v1::PliView> pli(const std::string& id) override;
    Result<v1::Events> events(std::int64_t after, int limit) override;
    Result<v1::Rejections> rejections(int limit) override;
    Result<v1::Workers> workers() override;
    Result<v1::Taken> take(const v1::Take& command, const std::string& key) override;
    Result<v1::Acted> acknowledge(const v1::Acknowledge& command, const std::string& key) override;
    Result<v1::Acted> give_back(const v1::ReturnToPlatform& command, const std::string& key) override;
    Result<v1::Acted> release(const v1::Release& command, const std::string& key) override;

    // What keying, recovery and search ask; without it, they are refused as by a hub that does not know them.
    std::function<Result<v1::Envelope>(const std::string& type, const std::string& body)> on_call;
    FakePeople people;

  protected:
    Result<v1::Envelope> call(const std::string& type, const std::string& body, const std::string& key) override;

  private:
    struct Held {
        v1::DocumentView view;
        std::uint64_t fence = 0;
    };
    std::optional<Error> failing(const std::string& method);
    Result<v1::Acted> move(const std::string& id, const std::string& by, std::uint64_t fence, const std::string& to,
                           const std::string& code, const std::string& note);
    v1::Event event(const std::string& kind, const std::string& document, const std::string& from,
                    const std::string& to);

    mutable std::mutex mutex_;  // protects everything below
    std::map<std::string, Held> held_;
    std::vector<v1::Event> events_;
    std::vector<v1::RejectionRow> rejections_;
    std::vector<v1::WorkerRow> workers_;
    std::optional<Error> error_;
    std::map<std::string, int> calls_;
    std::function<void(v1::Status&)> tweak_;
    std::int64_t seq_ = 0;
};

}  // namespace pleiade::gateway::fake
