// A real gateway before a real hub, on a ledger of its own, with invented mail: what the keying station, the recovery
// verbs and the search are tested on, over HTTP.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "services/hub/hub.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/gateway/harness.h"

namespace pleiade::gateway {

inline constexpr const char* kNir = "255081416802538";  // an invented person's; its key is right
inline constexpr const char* kNirWrongKey = "255081416802539";

class FakeTexts final : public RectangleTexts {
  public:
    Result<RectangleText> read(const RectangleRequest& request) override;
    std::optional<Error> error;
    RectangleRequest last;
};

class Station final : public HttpClient {
  public:
    explicit Station(std::chrono::milliseconds lease = std::chrono::seconds(60));
    ~Station() override;
    std::uint16_t port() const override { return gateway->port(); }
    // Whoever the body names (`by`), else "sup": an agent of every service where services act, else a keyer who
    // supervises; habilitated, for whatever skills a test needs.
    Headers credentials(const std::string& target, const std::string& body) override;
    Headers signed_in(const v1::Account& account);
    static v1::Account platform(const std::string& name);
    static v1::Account agent(const std::string& name);

    // A pli of `pages` pages, one document each; its id. By default they wait for a person, with a NIR to key.
    struct Mail {
        int pages = 1;
        bool keying = true;
        bool medical = false;
        std::string registered{};
        std::string endorser{};
        std::string nir{};  // read on the first document
    };
    std::string receive(const std::string& rank, const Mail& mail);
    std::string receive(const std::string& rank) { return receive(rank, Mail{}); }
    void work();  // reads and routes all that is ready; what a person settled is not asked again
    void put_aside(const std::string& pli);  // by a reader that it kills

    // POST with a fresh key. PUT without one.
    Answer say(const std::string& target, const boost::json::object& body);
    Answer put(const std::string& target, const boost::json::object& body);
    boost::json::object job(const std::string& by);  // the one that `next` gives; empty when there is none
    // The job's documents as they are, of type RIB, with an absent IBAN.
    static boost::json::object agreed(const boost::json::object& job);
    std::string state_of(const std::string& document);
    void expect_whole();  // the equations, over HTTP, and verify

    test::TemporaryFolder folder;
    FakeImages images;
    FakeBinder binder;
    FakeTexts texts;
    Reference reference;
    std::unique_ptr<Desk> desk;
    std::unique_ptr<Gateway> gateway;

  private:
    v1::Done result_of(const v1::Lease& lease);

    SystemClock clock_;
    std::unique_ptr<hub::Hub> hub_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
    std::map<std::string, Mail> mail_;  // by rank
    int keys_ = 0;
    std::mutex people_mutex_;
    std::map<std::string, Headers> people_;  // under `people_mutex_`
};

}  // namespace pleiade::gateway
