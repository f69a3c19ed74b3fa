// A home, a hub and a decoder that tests set as they want.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/runtime/settings.h"
#include "services/ingest/ingester.h"
#include "services/ingest/registrar.h"
#include "services/ingest/source.h"

namespace pleiade::ingest {

class TemporaryHome {
  public:
    TemporaryHome();
    ~TemporaryHome();
    TemporaryHome(const TemporaryHome&) = delete;
    TemporaryHome& operator=(const TemporaryHome&) = delete;
    const std::string& path() const { return path_; }
    std::string operator/(const std::string& inner) const { return path_ + "/" + inner; }

  private:
    std::string path_;
};

void write_file(const std::string& path, const std::string& text);
std::string read_text(const std::string& path);                   // empty when there is no such file
bool exists(const std::string& path);                             // links are not followed
std::vector<std::string> files_under(const std::string& folder);  // relative, in order

// A lot folder with `plis` plis of one file of `pages` pages each, its manifest last.
std::string drop_lot(const std::string& inbox, const std::string& lot, int plis, int pages = 2);
std::string manifest_text(const std::string& lot, int plis);

// Reads "PAGES n", "PAGES n SEP i,j" (separators on those pages), "REJ_..." or "BUSY"; a decoder of words.
Result<InspectedFile> inspect_words(int fd, bool codes);
SourceOptions test_options();

// Keeps what it is told as the ledger does: by key, in a file, so that a killed process finds it again. `fail_next`
// makes the coming calls fail with this code; the kind is Unavailable.
class FakeHub final : public Registrar {
  public:
    explicit FakeHub(std::string file = "");

    Result<v1::LotOpened> open_lot(const v1::OpenLot& lot, const std::string& key) override;
    Result<v1::Registered> register_pli(const v1::Register& pli, const std::string& key) override;
    Result<v1::Rejected> reject(const v1::Reject& rejection, const std::string& key) override;
    bool reachable() override { return up; }

    // key -> what it was for: "lot/pli pages" or "lot/pli CODE"
    std::map<std::string, std::string> registered;
    std::map<std::string, std::string> rejected;
    std::map<std::string, std::string> lots;  // lot -> content
    std::vector<v1::Register> registrations;
    std::vector<v1::OpenLot> openings;
    std::vector<v1::Reject> rejections;
    bool up = true;
    bool forget_answer = false;  // commits, and the answer is lost
    int calls_until_down = -1;

    std::vector<std::string> rejected_codes() const;  // sorted

  private:
    bool lost();
    void remember(const std::string& kind, const std::string& key, const std::string& value);
    void load();

    std::string file_;
};

// An ingester over a home, with the fakes around it.
struct Bench {
    explicit Bench(const std::string& home_path);
    std::unique_ptr<Ingester> open(const std::string& instance = "ingest");
    // Steps, and lets time pass in between, until a step moves nothing and nothing is ready any more.
    void run(Ingester& ingester, int steps = 12);

    std::string home;
    ManualClock clock;
    FakeHub hub;
    std::unique_ptr<vault::Vault> vault;
    prometheus::Registry registry;
    IngestMetrics metrics;
    IngesterOptions options;
};

}  // namespace pleiade::ingest
