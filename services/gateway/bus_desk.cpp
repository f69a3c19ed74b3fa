#include "services/gateway/bus_desk.h"

#include <map>
#include <mutex>
#include <thread>

#include "common/bus/client.h"

namespace pleiade::gateway {

namespace {

// A person waits behind each question: long enough for a restart of the hub, short enough to say so.
constexpr std::chrono::milliseconds kPatience{5'000};

class BusDesk final : public Desk {
  public:
    explicit BusDesk(HubAddress hubs) : hubs_(std::move(hubs)) {}

    Result<v1::Status> status() override { return query<v1::Status>(v1::StatusQuery{}); }
    Result<v1::DocumentsPage> documents(const v1::DocumentsQuery& q) override { return query<v1::DocumentsPage>(q); }
    Result<v1::DocumentView> document(const std::string& id) override {
        v1::DocumentQuery q;
        q.set_id(id);
        return query<v1::DocumentView>(q);
    }
    Result<v1::PliView> pli(const std::string& id) override {
        v1::PliQuery q;
        q.set_id(id);
        return query<v1::PliView>(q);
    }
    Result<v1::Events> events(std::int64_t after, int limit) override {
        v1::EventsQuery q;
        q.set_after(after);
        q.set_limit(limit);
        return query<v1::Events>(q);
    }
    Result<v1::Rejections> rejections(int limit) override {
        v1::RejectionsQuery q;
        q.set_limit(limit);
        return query<v1::Rejections>(q);
    }
    Result<v1::Workers> workers() override { return query<v1::Workers>(v1::WorkersQuery{}); }

    Result<v1::Taken> take(const v1::Take& c, const std::string& key) override { return command<v1::Taken>(c, key); }
    Result<v1::Acted> acknowledge(const v1::Acknowledge& c, const std::string& key) override {
        return command<v1::Acted>(c, key);
    }
    Result<v1::Acted> give_back(const v1::ReturnToPlatform& c, const std::string& key) override {
        return command<v1::Acted>(c, key);
    }
    Result<v1::Acted> release(const v1::Release& c, const std::string& key) override {
        return command<v1::Acted>(c, key);
    }

  protected:
    Result<v1::Envelope> call(const std::string& type, const std::string& body, const std::string& key) override {
        bus::CallOptions options;
        options.patience = kPatience;
        options.idempotency_key = key;
        return client().call(type, body, options);
    }

  private:
    bus::Client& client() {
        const std::lock_guard lock(mutex_);
        auto& client = clients_[std::this_thread::get_id()];
        if (!client) client = std::make_unique<bus::Client>(hubs_);
        return *client;
    }
    template <class Answer, class Request>
    Result<Answer> query(const Request& request) {
        bus::CallOptions options;
        options.patience = kPatience;
        return client().template ask<Answer>(request, options);
    }
    template <class Answer, class Request>
    Result<Answer> command(const Request& request, const std::string& key) {
        bus::CallOptions options;
        options.patience = kPatience;
        options.idempotency_key = key;
        return client().template ask<Answer>(request, options);
    }

    const HubAddress hubs_;
    std::mutex mutex_;
    std::map<std::thread::id, std::unique_ptr<bus::Client>> clients_;  // under `mutex_`
};

}  // namespace

std::unique_ptr<Desk> bus_desk(const HubAddress& hubs) {
    return std::make_unique<BusDesk>(hubs);
}

}  // namespace pleiade::gateway
