// The key of a process is changed while it speaks to a hub over tcp://, by the verbs of `pleiade keys bus`: both keys
// are good until the change is finished, the older one is refused from then on, and no call is lost.
#include <gtest/gtest.h>
#include <prometheus/registry.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <optional>
#include <thread>

#include "common/bus/worker.h"
#include "common/ledger/verify.h"
#include "services/cli/bus_keys.h"
#include "tests/unit/hub/running_hub.h"

namespace pleiade::cli {
namespace {

using hub::key_of;
using hub::pli_of;
using hub::with_key;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kSoon{60};  // generous: the machine may be busy

template <class Condition>
bool eventually(const Condition& holds) {
    const auto until = std::chrono::steady_clock::now() + kSoon;
    while (!holds() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(milliseconds{10});
    return holds();
}

class KeyRotation : public ::testing::Test {
  protected:
    KeyRotation() {
        const auto hub = ring_.create("hub-1", "hub", "");
        hub_key_ = hub.value().key.public_key;
        ring_.create("scan-1", "scanner", "").value();
        ring_.create("reader-1", "reader", "").value();
        hub_.emplace(folder_ / "home", bus::HubKeys{folder_ / "bus/hub.key", folder_ / "bus/allowed.csv"}, registry_);
    }
    HubAddress as(const std::string& role) {
        HubAddress hubs(hub_->hub().endpoints(hub::Door::Work).front());
        hubs.key_file = folder_ / "bus/" + role + ".key";
        hubs.hub_keys = {hub_key_};
        return hubs;
    }
    int events(const std::string& kind) const {
        const auto reader = ledger::open_reader("", folder_ / "home/ledger", clock_);
        int count = 0;
        for (std::int64_t after = 0;;) {
            const auto page = reader->events(after, 1'000, true);
            if (page.events().empty()) return count;
            for (const auto& event : page.events()) count += event.kind() == kind ? 1 : 0;
            after = page.last();
        }
    }
    double refused_as_revoked() const {
        for (const auto& family : registry_->Collect()) {
            if (family.name != "pleiade_bus_refused_total") continue;
            for (const auto& metric : family.metric) {
                if (metric.label.at(0).value == "revoked_key") return metric.counter.value;
            }
        }
        return -1;
    }

    test::TemporaryFolder folder_;
    const SystemClock clock_;
    BusKeyRing ring_{folder_ / "bus", folder_ / "bus/allowed.csv", clock_};
    std::string hub_key_;
    std::shared_ptr<prometheus::Registry> registry_ = std::make_shared<prometheus::Registry>();
    std::optional<hub::RunningHub> hub_;
};

// Registers one pli after the other over a link of its own until it goes, and counts what was not answered.
class Scanner {
  public:
    Scanner(const HubAddress& hubs, std::string lot) : lot_(std::move(lot)), thread_([this, hubs] { scan(hubs); }) {}
    ~Scanner() { stop(); }
    void stop() {
        stop_ = true;
        if (thread_.joinable()) thread_.join();
    }
    int registered() const { return registered_; }
    int lost() const { return lost_; }

  private:
    void scan(const HubAddress& hubs) {
        bus::Client client(hubs);
        while (!stop_) {
            const auto rank = std::to_string(registered_ + 1);
            const bool answered =
                client.ask<v1::Registered>(pli_of(lot_, rank), with_key(key_of(lot_, rank), kSoon)).has_value();
            ++(answered ? registered_ : lost_);
            std::this_thread::sleep_for(milliseconds{5});
        }
    }

    const std::string lot_;
    std::atomic<bool> stop_{false};
    std::atomic<int> registered_{0};
    std::atomic<int> lost_{0};
    std::thread thread_;
};

// One life of a reader's process.
class Reader {
  public:
    explicit Reader(const HubAddress& hubs)
        : thread_([this, hubs] {
              ended_well_ = bus::run_worker(
                                {hubs, "reader-1@host", {"read"}},
                                [this](const v1::Lease& lease, bus::TaskContext&) -> Result<v1::Done> {
                                    ++read_;
                                    return hub::result_of(lease);
                                },
                                stop_)
                                .has_value();
          }) {}
    ~Reader() { stop(); }
    bool stop() {
        stop_ = true;
        if (thread_.joinable()) thread_.join();
        return ended_well_;
    }
    int read() const { return read_; }

  private:
    std::atomic<bool> stop_{false};
    std::atomic<int> read_{0};
    std::atomic<bool> ended_well_{false};
    std::thread thread_;
};

template <class Worker>
bool goes_on(const Worker& worker, int (Worker::*count)() const) {
    const int before = (worker.*count)();
    return eventually([&] { return (worker.*count)() >= before + 5; });
}

TEST_F(KeyRotation, LosesNoCallOfAProcessThatIsStartedAgain) {
    Scanner scanner(as("scanner"), "L1");
    auto first = std::make_unique<Reader>(as("reader"));
    EXPECT_TRUE(goes_on(*first, &Reader::read));
    auto copied = as("reader");
    copied.key_file = folder_ / "copy.key";
    std::filesystem::copy_file(folder_ / "bus/reader.key", copied.key_file);
    bus::Client holder(copied);  // whoever has the older pair, and no other
    v1::Ready leaving;
    leaving.set_worker("reader-2@host");
    leaving.add_stages("read");
    const auto heard = [&](milliseconds patience) {
        return holder.call("Ready", leaving.SerializeAsString(), {.patience = patience}).has_value();
    };
    ASSERT_TRUE(heard(kSoon));

    ASSERT_TRUE(ring_.rotate("reader-1", ""));
    EXPECT_TRUE(goes_on(*first, &Reader::read)) << "the older key is good as long as the rotation lasts";
    EXPECT_TRUE(first->stop());
    Reader second(as("reader"));
    EXPECT_TRUE(goes_on(second, &Reader::read)) << "and so is the new one";
    ASSERT_TRUE(ring_.finish("reader-1"));
    EXPECT_TRUE(goes_on(second, &Reader::read));
    EXPECT_TRUE(eventually([&] { return !heard(milliseconds{200}) && refused_as_revoked() > 0; }));
    EXPECT_FALSE(heard(seconds{6})) << "neither on the link that it had nor on the next";
    EXPECT_TRUE(goes_on(second, &Reader::read));

    scanner.stop();
    EXPECT_EQ(scanner.lost(), 0);
    EXPECT_TRUE(eventually([&] { return events("pli.read") == scanner.registered(); }));
    EXPECT_TRUE(second.stop());
    EXPECT_EQ(events("pli.registered"), scanner.registered());
    EXPECT_EQ(events("pli.reading"), scanner.registered()) << "each was leased once";
    hub_->stop();
    EXPECT_TRUE(ledger::verify("", folder_ / "home/ledger", nullptr));
}

TEST_F(KeyRotation, IsFollowedByAProcessThatGoesOn) {
    Scanner scanner(as("scanner"), "L1");
    Reader reader(as("reader"));
    EXPECT_TRUE(goes_on(reader, &Reader::read));
    for (const char* name : {"scan-1", "reader-1"}) {
        const double before = std::max(refused_as_revoked(), 0.0);
        ASSERT_TRUE(ring_.rotate(name, ""));
        ASSERT_TRUE(ring_.finish(name));
        EXPECT_TRUE(eventually([&] { return refused_as_revoked() > before; })) << name << " spoke with its older key";
    }
    EXPECT_TRUE(goes_on(scanner, &Scanner::registered));
    EXPECT_TRUE(goes_on(reader, &Reader::read));
    scanner.stop();
    EXPECT_EQ(scanner.lost(), 0);
    EXPECT_TRUE(eventually([&] { return events("pli.read") == scanner.registered(); }));
    EXPECT_EQ(events("pli.retry"), 0) << "no lease was lost for it";
}

}  // namespace
}  // namespace pleiade::cli
