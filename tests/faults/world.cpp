#include "tests/faults/world.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <sstream>

#include "common/base/failpoint.h"
#include "common/bus/limits.h"
#include "common/ledger/sqlite/store_guard.h"
#include "common/vault/open.h"
#include "services/hub/batch.h"
#include "services/ingest/ingester.h"
#include "tests/faults/actors.h"
#include "tests/faults/checker.h"
#include "tests/faults/empty_ledger.h"
#include "tests/faults/keyer.h"
#include "tests/faults/sim_disk.h"
#include "tests/faults/vault_disk.h"
#include "tests/support/temporary_folder.h"

namespace pleiade::faults {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr milliseconds kTick{100};
constexpr milliseconds kLateTick{500};
constexpr milliseconds kIngestPatience{3'000};
constexpr milliseconds kLease{2'000};
constexpr int kJournalPagesMax = 60;  // so few that a world sees many checkpoints

struct Crash {};  // not a std::exception: nothing in the chain may catch it

Result<ingest::InspectedFile> inspect_words(int fd, bool) {
    std::string text(64, '\0');
    const auto got = ::pread(fd, text.data(), text.size(), 0);
    std::istringstream stream(text.substr(0, got < 0 ? 0 : static_cast<std::size_t>(got)));
    std::string word;
    std::size_t pages = 0;
    if (!(stream >> word >> pages) || word != "PAGES") return invalid("REJ_FORMAT_UNKNOWN", "not of this world");
    ingest::InspectedFile file;
    file.pages.resize(pages);
    return file;
}

class World final : public ingest::Registrar {
  public:
    explicit World(const WorldOptions& options)
        : options_(options), random_(options.seed), metrics_(registry_), vault_disk_(options.home + "/vault") {
        if (options.simulated_disk) make_disk();
        if (!options.history.empty()) history_.keep_in(options.history);
        vault_ = vault::open_posix_vault(options.home + "/vault");
        fs::create_directories(options.home + "/inbox");
        if (!options.keep_mail) drop_mail();
        for (const auto& [lot, pli] : history_.dropped) {
            if (static_cast<int>(poisons_.size()) < options.poisons) poisons_.insert(lot + "/" + pli);
        }
        if (options_.crashes) {
            failpoint::handle([this](const char* name) { return pass(name); });
        }
    }
    ~World() override { failpoint::handle({}); }

    WorldOutcome run() {
        faults_ = options_.crashes || options_.network;
        time_.in(options_.faults_for, [this] {
            faults_ = false;
            trace("the faults are over");
        });
        start_hub();
        tick();
        const Surroundings around{time_,
                                  random_,
                                  history_,
                                  poisons_,
                                  faults_,
                                  fmt::format("{:04}", options_.doubtful),
                                  options_.leave_once,
                                  [this](const std::string& peer, v1::Envelope envelope, bool command) {
                                      to_hub(peer, std::move(envelope), command);
                                  }};
        for (int i = 0; i < options_.workers; ++i) {
            const auto name = fmt::format("worker-{}", i);
            workers_[name] = std::make_unique<Worker>(around, name, i % 3 == 2 ? "route" : "read");
            workers_[name]->start();
        }
        service_ = std::make_unique<Service>(around);
        service_->start();
        keyer_ = std::make_unique<Keyer>(around);
        keyer_->start();
        while (time_.passed() < options_.limit && !over()) {
            if (!ingest_turn() && !time_.next()) break;
        }
        return judge();
    }

    Result<v1::LotOpened> open_lot(const v1::OpenLot& lot, const std::string& key) override {
        return ask<v1::LotOpened>(lot, key);
    }
    Result<v1::Registered> register_pli(const v1::Register& pli, const std::string& key) override {
        auto answer = ask<v1::Registered>(pli, key);
        if (answer) {
            history_.note_registered(answer->pli_id());
            ids_[pli.context().lot() + "/" + pli.context().pli()] = answer->pli_id();
        }
        return answer;
    }
    Result<v1::Rejected> reject(const v1::Reject& rejection, const std::string& key) override {
        return ask<v1::Rejected>(rejection, key);
    }
    bool reachable() override {
        const auto answer = ask<v1::Status>(v1::StatusQuery{}, "");
        return answer || answer.error().code != "HUB_UNREACHABLE";
    }

  private:
    // One world in four makes its ledger itself, and may die while it does.
    void make_disk() {
        const bool migrated = options_.seed % 4 != 0;
        const std::string empty = migrated ? empty_ledger() : "";
        disk_ = std::make_unique<SimDisk>();
        if (migrated) disk_->put(ledger::store_path(options_.home + "/ledger"), empty);
        if (!options_.crashes || !options_.power) return;
        // In the middle of a checkpoint, where SQLite gives no crash point to the ledger.
        disk_->fault = [this](const char*, bool journal) {
            if (!faults_ || journal || random_() % 1'000 != 0) return SQLITE_OK;
            trace("the power goes during a checkpoint");
            ++outcome_.power_losses;
            ++outcome_.checkpoints_cut;
            disk_->lose_power(random_);
            vault_disk_.lose_power(random_);
            ingest_must_die_ = true;
            return SQLITE_IOERR;
        };
    }

    // --- the hub
    struct Hub {
        Hub(const ledger::LedgerOptions& options, const Clock& clock)
            : ledger(ledger::open_sqlite_ledger(options)),
              workers(clock),
              dispatcher(*ledger, workers, counts, [] { return std::string(); }),
              batch(*ledger, dispatcher, counts, clock) {}
        std::unique_ptr<ledger::Ledger> ledger;
        hub::Workers workers;
        hub::FlowCounts counts;
        hub::Dispatcher dispatcher;
        hub::Batch batch;
    };

    void start_hub() {
        ledger::LedgerOptions options;
        options.folder = options_.home + "/ledger";
        options.clock = &time_;
        options.read_lease = kLease;
        options.route_lease = kLease;
        options.service_lease = milliseconds{5'000};
        options.keying_lease = kLease;
        options.seed = options_.seed + 1;
        options.journal_pages_max = kJournalPagesMax;
        in_hub([&] { hub_ = std::make_unique<Hub>(options, time_); });
    }

    // Whatever happens to the process of the hub, another one is started a little later.
    template <class Step>
    void in_hub(Step step) {
        try {
            step();
            return;
        } catch (const Crash&) {
            ++outcome_.hub_crashes;
            trace("the hub crashed");
        } catch (const std::exception& error) {
            ++outcome_.hub_crashes;
            last_error_ = error.what();
            trace(std::string("the hub ended: ") + error.what());
        }
        hub_.reset();
        work_.clear();
        commands_.clear();
        time_.in(milliseconds{200 + static_cast<int>(random_() % 1'000)}, [this] {
            if (!hub_) start_hub();
        });
    }

    void round() {
        round_planned_ = false;
        if (!hub_) return;
        in_hub([this] {
            const auto commands = std::exchange(commands_, {});
            hub_->batch.run(
                commands,
                [this]() -> std::optional<bus::Incoming> {
                    if (work_.empty()) return std::nullopt;
                    bus::Incoming incoming = std::move(work_.front());
                    work_.pop_front();
                    return incoming;
                },
                [this](hub::Batch::To, hub::Letter answer) { from_hub(std::move(answer)); });
        });
    }

    void tick() {
        round();
        time_.in(time_.passed() < milliseconds{60'000} ? kTick : kLateTick, [this] { tick(); });
    }

    // --- the network
    template <class Deliver>
    void carry(const std::string& what, Deliver deliver) {
        const bool faults = faults_ && options_.network;
        if (faults && random_() % 15 == 0) return trace("lost: " + what);
        int delay_ms = 1 + static_cast<int>(random_() % 3);
        if (faults && random_() % 10 == 0) delay_ms += static_cast<int>(random_() % 3'000);  // overtaken by others
        time_.in(milliseconds{delay_ms}, deliver);
        if (faults && random_() % 15 == 0)
            time_.in(milliseconds{delay_ms + static_cast<int>(random_() % 500)}, deliver);
    }

    void to_hub(const std::string& peer, v1::Envelope envelope, bool command) {
        carry(peer + " says " + envelope.type(), [this, peer, envelope = std::move(envelope), command] {
            if (!hub_) return;
            trace(fmt::format("{} says {} {} fence {}", peer, envelope.type(), envelope.task_id(), envelope.fence()));
            if (command) {
                commands_.push_back({peer, envelope});
            } else {
                work_.push_back({peer, envelope});
            }
            if (std::exchange(round_planned_, true)) return;
            time_.in(milliseconds{1}, [this] { round(); });
        });
    }

    void from_hub(hub::Letter answer) {
        const auto what = fmt::format("{} hears {}", answer.peer, answer.envelope.type());
        carry(what, [this, what, answer = std::move(answer)] {
            trace(fmt::format("{} {} fence {}", what, answer.envelope.task_id(), answer.envelope.fence()));
            if (answer.peer == "ingest") {
                if (answer.envelope.request_id() == asked_) answer_ = answer.envelope;
            } else if (answer.peer == "service") {
                service_->hear(answer.envelope);
            } else if (answer.peer == "keyer") {
                keyer_->hear(answer.envelope);
            } else {
                workers_.at(answer.peer)->hear(answer.envelope);
            }
        });
    }

    // --- ingest: its blocking questions let the others go on
    template <class Answer, class Request>
    Result<Answer> ask(const Request& request, const std::string& key) {
        v1::Envelope question;
        question.set_version(bus::kProtocolVersion);
        question.set_type(Request::descriptor()->name());
        question.set_request_id(request_id(random_));
        question.set_idempotency_key(key);
        question.set_body(request.SerializeAsString());
        asked_ = question.request_id();
        answer_.reset();
        const auto until = time_.passed() + kIngestPatience;
        auto say_at = time_.passed();
        while (!answer_) {
            if (time_.passed() >= until) return unavailable("HUB_UNREACHABLE", "the hub has not answered");
            if (time_.passed() >= say_at) {
                to_hub("ingest", question, false);
                say_at += milliseconds{1'000};
                time_.in(milliseconds{1'000}, [] {});
            }
            time_.next();
            if (std::exchange(ingest_must_die_, false)) throw Crash{};
        }
        if (answer_->type() == "Refused") {
            v1::Refused refused;
            refused.ParseFromString(answer_->body());
            const auto kind = refused.kind() == "unavailable" ? ErrorKind::Unavailable
                              : refused.kind() == "conflict"  ? ErrorKind::Conflict
                                                              : ErrorKind::Invalid;
            return fail(kind, refused.code(), refused.message());
        }
        Answer parsed;
        parsed.ParseFromString(answer_->body());
        return parsed;
    }

    bool ingest_turn() {
        if (time_.passed() < ingest_at_) return false;
        try {
            if (std::exchange(ingest_must_die_, false)) throw Crash{};
            if (!ingester_) open_ingester();
            const bool moved = ingester_ && ingester_->step();
            ingest_at_ = time_.passed() + milliseconds{moved ? 5 : 300};
        } catch (const Crash&) {
            ++outcome_.ingest_crashes;
            trace("the ingester crashed");
            ingester_.reset();
            vault_ = vault::open_posix_vault(options_.home + "/vault");  // what it remembers dies with its process
            ingest_at_ = time_.passed() + milliseconds{300};
        }
        time_.in(ingest_at_ - time_.passed(), [] {});
        return true;
    }

    void open_ingester() {
        ingest::IngesterOptions options;
        options.home = options_.home;
        options.disk_free_bytes_min = 0;
        options.source.caisses = {"595"};
        options.source.inspect = inspect_words;
        auto opened = ingest::Ingester::open(std::move(options), {*this, *vault_, time_}, metrics_);
        if (opened) ingester_ = std::move(*opened);
    }

    void drop_mail() {
        for (int lot = 1; lot <= options_.lots; ++lot) {
            const auto name = fmt::format("L{}-{}", options_.seed, lot);
            const fs::path folder = fs::path(options_.home) / "inbox" / name;
            std::string entries;
            for (int n = 1; n <= options_.plis_of_lot; ++n) {
                const auto rank = fmt::format("{:04}", n);
                test::write_file(folder / (rank + ".tif"), fmt::format("PAGES {} {} {}", 1 + n % 2, name, n));
                entries += fmt::format(R"({}{{"pli":"{}","files":["{}.tif"]}})", n == 1 ? "" : ",", rank, rank);
                history_.note_dropped(name, rank);
            }
            for (int n = 1; n <= options_.bad_plis; ++n) {  // rejected before they are registered
                const auto rank = fmt::format("bad{}", n);
                test::write_file(folder / (rank + ".tif"), "not of this world");
                entries += fmt::format(R"(,{{"pli":"{}","files":["{}.tif"]}})", rank, rank);
            }
            test::write_file(
                folder / "lot.json",
                fmt::format(R"({{"lot":"{}","caisse":"595","received_on":"2026-11-20","plis":[{}]}})", name, entries));
        }
    }

    // --- crash points
    int pass(const char* point) {
        if (!faults_) return 0;
        const std::string_view name = point;
        const bool of_hub = name.starts_with("ledger.") || name.starts_with("hub.");
        const auto chance = random_();
        if (chance % (of_hub ? 160 : 60) == 0) {
            trace(fmt::format("crash at {}", name));
            const bool power = options_.power && disk_ && (options_.always_power || (chance >> 32) % 2 == 0);
            if (power) {
                ++outcome_.power_losses;
                disk_->lose_power(random_);
                vault_disk_.lose_power(random_);
                if (of_hub) {
                    ingest_must_die_ = true;
                } else {
                    hub_.reset();
                    in_hub([] { throw Crash{}; });
                }
            } else if (of_hub && disk_) {
                disk_->crash();
            }
            throw Crash{};
        }
        const bool stops_the_process = name == "vault.sync";  // by design: fsync failed
        if (!stops_the_process && chance % 400 == 1) return (chance >> 32) % 2 == 0 ? EIO : ENOSPC;
        return 0;
    }

    // --- the end
    bool over() {
        if (faults_ || time_.passed() < next_look_ || !hub_) return false;
        next_look_ = time_.passed() + milliseconds{1'000};
        std::error_code error;
        int done = 0;
        for (const auto& entry : fs::directory_iterator(options_.home + "/done", error)) {
            done += entry.path().filename().string().starts_with(".") ? 0 : 1;
        }
        std::set<std::string> lots;
        for (const auto& [lot, pli] : history_.dropped) lots.insert(lot);
        outcome_.over = done >= static_cast<int>(lots.size()) && at_rest(options_.home);
        return outcome_.over;
    }

    WorldOutcome judge() {
        outcome_.acknowledged = history_.registered.size();
        outcome_.closed = history_.closed.size();
        outcome_.unsynced_lost = (disk_ ? disk_->writes_lost() : 0) + vault_disk_.lost();
        for (const auto& [name, worker] : workers_) outcome_.stale += worker->stale();
        failpoint::handle({});
        if (!options_.judge) return outcome_;
        Expected expected;
        for (const auto& poison : poisons_) {
            if (const auto id = ids_.find(poison); id != ids_.end()) expected.poisons.insert(id->second);
        }
        outcome_.violations = check(options_.home, history_, expected);
        if (!outcome_.over) {
            outcome_.violations.push_back(fmt::format("L1 not over after {} s of virtual time{}{}",
                                                      time_.passed().count() / 1'000, last_error_.empty() ? "" : ": ",
                                                      last_error_));
        }
        hub_.reset();
        ingester_.reset();
        return outcome_;
    }

    void trace(const std::string& what) const {
        if (options_.trace) fmt::print("{:>9} ms  {}\n", time_.passed().count(), what);
    }

    const WorldOptions options_;
    std::mt19937_64 random_;
    Timeline time_;
    History history_;
    std::unique_ptr<SimDisk> disk_;
    prometheus::Registry registry_;
    ingest::IngestMetrics metrics_;
    VaultDisk vault_disk_;
    std::unique_ptr<vault::Vault> vault_;
    std::unique_ptr<Hub> hub_;
    std::deque<bus::Incoming> work_;
    std::vector<hub::Letter> commands_;
    bool round_planned_ = false;
    std::unique_ptr<ingest::Ingester> ingester_;
    milliseconds ingest_at_{0};
    bool ingest_must_die_ = false;
    std::string asked_;
    std::optional<v1::Envelope> answer_;
    std::map<std::string, std::unique_ptr<Worker>> workers_;
    std::unique_ptr<Service> service_;
    std::unique_ptr<Keyer> keyer_;
    std::set<std::string> poisons_;
    std::map<std::string, std::string> ids_;
    bool faults_ = false;
    milliseconds next_look_{0};
    std::string last_error_;
    WorldOutcome outcome_;
};

}  // namespace

WorldOutcome run_world(const WorldOptions& options) {
    return World(options).run();
}

}  // namespace pleiade::faults
