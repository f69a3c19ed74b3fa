#include "tests/faults/checker.h"

#include <fmt/format.h>
#include <sodium.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <map>

#include "common/base/sha256.h"

namespace pleiade::faults {
namespace {

constexpr std::size_t kShownMax = 20;
constexpr int kAttemptsMax = 5;
constexpr int kLossesMax = 3;

using Row = StoreReader::Row;

struct Entry {
    long long seq, at_ms, pli, document;
    std::string kind, actor, from, to, code, ref, detail, prev, hash;
};

void put(std::string& bytes, long long value) {
    for (int shift = 0; shift < 64; shift += 8)
        bytes += static_cast<char>(static_cast<unsigned long long>(value) >> shift);
}
void put(std::string& bytes, const std::string& value) {
    put(bytes, static_cast<long long>(value.size()));
    bytes += value;
}

std::string seal(const Entry& e) {
    std::string bytes = "PLEIADE-AUDIT-1";
    put(bytes, e.seq);
    put(bytes, e.at_ms);
    put(bytes, e.kind);
    put(bytes, e.pli);
    put(bytes, e.document);
    for (const auto* part : {&e.actor, &e.from, &e.to, &e.code, &e.ref, &e.detail, &e.prev}) put(bytes, *part);
    std::string hash(32, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), 32,
                       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr, 0);
    return hash;
}

// The number after "fence " in an entry's detail; empty when there is none.
std::string fence_of(const std::string& detail) {
    const auto at = detail.find("fence ");
    if (at == std::string::npos) return "";
    const auto from = at + 6;
    return detail.substr(from, detail.find_first_not_of("0123456789", from) - from);
}

class Checker {
  public:
    Checker(const StorePlace& place, const History& history, const Expected& expected)
        : home_(place.home), store_(read_store(place)), history_(history), expected_(expected) {}

    std::vector<std::string> run() {
        integrity();
        journal();
        conservation();
        states();
        acknowledged();
        deliveries();
        keyings();
        fences();
        if (expected_.files) files();
        lots();
        if (expected_.ended) ended();
        if (expected_.judge_quarantine) quarantine();
        return found_;
    }

  private:
    template <class... Values>
    void say(const char* invariant, fmt::format_string<Values...> format, Values&&... values) {
        if (found_.size() >= kShownMax) return;
        found_.push_back(std::string(invariant) + " " + fmt::format(format, std::forward<Values>(values)...));
    }
    // A query that must give no row; its first column names what is wrong.
    void none(const char* invariant, const char* what, const std::string& sql) {
        store_->run(sql, [&](const Row& row) { say(invariant, "{}: {}", what, row.text(0)); });
    }

    void integrity() {
        const auto damage = store_->damage();
        if (!damage.empty()) say("I2", "the store's file is damaged: {}", damage);
    }

    void journal() {
        store_->run(
            "SELECT seq, at_ms, kind, pli_n, document, actor, from_state, to_state, code, ref, detail, prev, "
            "hash FROM audit ORDER BY seq",
            [&](const Row& row) {
                entries_.push_back({row.integer(0), row.integer(1), row.integer(3), row.integer(4), row.text(2),
                                    row.text(5), row.text(6), row.text(7), row.text(8), row.text(9), row.text(10),
                                    row.text(11), row.text(12)});
            });
        std::string head(32, '\0');
        long long next = 1;
        for (const Entry& entry : entries_) {
            if (entry.seq != next++) say("I7", "an entry is missing before {}", entry.seq);
            if (entry.prev != head || seal(entry) != entry.hash)
                say("I7", "entry {} is not what was sealed", entry.seq);
            head = entry.hash;
        }
        store_->run("SELECT seq, hash FROM audit_head", [&](const Row& row) {
            if (row.integer(0) != next - 1 || row.text(1) != head) say("I7", "the journal does not end where it says");
        });
    }

    void conservation() {
        none("I1", "a count of plis",
             "SELECT registered || ' counted, ' || (SELECT count(*) FROM pli) || ' there' "
             "FROM totals WHERE registered <> (SELECT count(*) FROM pli)");
        none("I1", "pages", "SELECT id FROM pli p WHERE pages <> (SELECT count(*) FROM page WHERE pli_n = p.n)");
        none("I1", "pages of a document that is not there",
             "SELECT p.id || ' page ' || g.page FROM page g JOIN pli p ON p.n = g.pli_n WHERE g.kind = 'document' AND "
             "NOT EXISTS(SELECT 1 FROM document d WHERE d.pli_n = g.pli_n AND d.number = g.document)");
        none("I1", "documents counted", "SELECT created FROM totals WHERE created <> (SELECT count(*) FROM document)");
        none(
            "I1", "closed documents counted",
            "SELECT doc_closed FROM totals WHERE doc_closed <> (SELECT count(*) FROM document WHERE state = 'CLOSED')");
        none("I1", "plis in quarantine counted",
             "SELECT pli_quarantined FROM totals WHERE pli_quarantined <> (SELECT count(*) FROM pli WHERE state = "
             "'QUARANTINED')");
        none("I1", "a pli in two ranks of a lot",
             "SELECT lot_n || '/' || pli FROM pli GROUP BY lot_n, pli HAVING count(*) > 1");
        none("I1", "tasks counted",
             "SELECT tasks_read FROM totals WHERE tasks_read <> (SELECT count(*) FROM task WHERE stage = 'read' AND "
             "state IN ('READY','LEASED','WAITING'))");
    }

    // Replays the journal: each entry begins where the one before ended, and the last one says what the row says.
    void states() {
        std::map<std::string, std::string> now;
        for (const Entry& entry : entries_) {
            std::string of;
            if (entry.kind.starts_with("pli.") && entry.pli > 0) of = fmt::format("pli {}", entry.pli);
            if (entry.kind.starts_with("document.")) of = fmt::format("document {}-{}", entry.pli, entry.document);
            if (entry.kind.starts_with("delivery.")) of = "delivery " + entry.ref;
            if (of.empty()) continue;
            if (now[of] != entry.from) say("I2", "entry {}: {} was {}, not {}", entry.seq, of, now[of], entry.from);
            now[of] = entry.to;
        }
        store_->run(
            "SELECT 'pli ' || n, state FROM pli UNION ALL SELECT 'document ' || pli_n || '-' || number, state "
            "FROM document UNION ALL SELECT 'delivery ' || id, state FROM delivery",
            [&](const Row& row) {
                if (now[row.text(0)] != row.text(1)) {
                    say("I2", "{} is {} and its journal says {}", row.text(0), row.text(1), now[row.text(0)]);
                }
                now.erase(row.text(0));
            });
        for (const auto& [what, state] : now) say("I2", "{} is in the journal and nowhere else", what);
    }

    void acknowledged() {
        std::set<std::string> there;
        store_->run("SELECT id FROM pli", [&](const Row& row) { there.insert(row.text(0)); });
        for (const auto& pli : history_.registered) {
            if (!there.contains(pli)) say("I3", "pli {} was acknowledged and is lost", pli);
        }
    }

    void deliveries() {
        std::map<std::string, int> closings;
        for (const Entry& entry : entries_) closings[entry.ref] += entry.kind == "delivery.closed" ? 1 : 0;
        for (const auto& [delivery, count] : closings) {
            if (count > 1) say("I4", "delivery {} was closed {} times", delivery, count);
        }
        for (const auto& delivery : history_.closed) {
            if (history_.closed.count(delivery) > 1) say("I4", "the receipt of {} was given twice", delivery);
            if (closings[delivery] != 1) say("I4", "delivery {} was acknowledged and is not closed", delivery);
        }
        none(
            "I4", "a queued document without a delivery",
            "SELECT p.id || '-' || d.number FROM document d JOIN pli p ON p.n = d.pli_n WHERE d.master = 0 AND d.state "
            "IN ('QUEUED','TAKEN','CLOSED') AND NOT EXISTS(SELECT 1 FROM delivery v WHERE v.document_n = d.n AND "
            "v.revision = d.revision)");
    }

    // A person settles a pli once, and what she was told is settled is.
    void keyings() {
        std::map<long long, int> keyed;
        for (const Entry& entry : entries_) {
            if (entry.kind == "pli.keyed" && ++keyed[entry.pli] == 2) say("I4", "pli {} was keyed twice", entry.pli);
        }
        std::map<std::string, long long> numbers;
        store_->run("SELECT id, n FROM pli", [&](const Row& row) { numbers[row.text(0)] = row.integer(1); });
        for (const auto& pli : history_.keyed) {
            if (history_.keyed.count(pli) > 1) say("I4", "pli {} was settled twice by a person", pli);
            if (keyed[numbers[pli]] != 1) say("I3", "pli {} was settled by a person, and its work is lost", pli);
        }
    }

    void fences() {
        std::map<std::string, long long> last;                  // task -> fence of its last lease
        std::map<std::string, std::string> holds;               // worker -> task
        std::set<std::pair<std::string, std::string>> applied;  // task, fence
        for (const Entry& entry : entries_) {
            const std::string fence = fence_of(entry.detail);
            if (fence.empty()) continue;
            if (entry.kind == "pli.reading" || entry.kind == "pli.routing") {
                if (std::stoll(fence) <= last[entry.ref]) say("I5", "entry {}: the fence did not grow", entry.seq);
                last[entry.ref] = std::stoll(fence);
                if (!holds[entry.actor].empty()) {
                    say("I5", "entry {}: {} was given a task and holds {}", entry.seq, entry.actor, holds[entry.actor]);
                }
                holds[entry.actor] = entry.ref;
                continue;
            }
            if (entry.kind == "pli.read" || entry.kind == "pli.routed") applied.emplace(entry.ref, fence);
            if (std::stoll(fence) != last[entry.ref]) say("I5", "entry {}: result of a stale fence", entry.seq);
            for (auto& [worker, task] : holds) {
                if (task == entry.ref) task.clear();
            }
        }
        for (const auto& result : history_.results) {
            if (!applied.contains({result.task, result.fence})) {
                say("I5", "{} was told that its result of task {}, fence {}, is taken; it is not", result.worker,
                    result.task, result.fence);
            }
        }
    }

    void files() {
        store_->run("SELECT p.id, f.sha256 FROM file f JOIN pli p ON p.n = f.pli_n", [&](const Row& row) {
            const std::string id = row.text(0);
            std::ifstream stream(home_ + "/vault/" + id.substr(0, 2) + "/" + id + "/" + row.text(1), std::ios::binary);
            if (!stream) {
                say("I6", "pli {}: its file is not in the vault", id);
                return;
            }
            const std::string bytes(std::istreambuf_iterator<char>(stream), {});
            if (sha256_hex(bytes) != row.text(1)) say("I6", "pli {}: its file is not what it was", id);
        });
    }

    void lots() {
        none("I8", "a lot's count",
             "SELECT lot FROM lot l WHERE registered <> (SELECT count(*) FROM pli WHERE lot_n = l.n) OR received <> "
             "registered + rejected OR announced < received");
        if (!expected_.ended) return;
        std::set<std::pair<std::string, std::string>> there;
        store_->run("SELECT l.lot, p.pli FROM pli p JOIN lot l ON l.n = p.lot_n",
                    [&](const Row& row) { there.emplace(row.text(0), row.text(1)); });
        for (const auto& [lot, pli] : history_.dropped) {
            if (!there.contains({lot, pli})) say("I8", "{}/{} was dropped and never came", lot, pli);
        }
    }

    void ended() {
        none("L1", "under way for ever", "SELECT id || ' ' || state FROM pli WHERE state IN ('REGISTERED','READING')");
        none("L1", "never routed or closed",
             "SELECT p.id || '-' || d.number || ' ' || d.state FROM document d JOIN pli p ON p.n = d.pli_n WHERE "
             "d.state IN ('READ','TO_KEY','KEYING','QUEUED','TAKEN')");
        none("L1", "a task without an end",
             "SELECT n || ' ' || state FROM task WHERE state IN ('READY','LEASED','WAITING')");
    }

    void quarantine() {
        std::map<long long, int> losses;
        std::map<long long, int> attempts;
        for (const Entry& entry : entries_) {
            if (entry.kind == "pli.reading" || entry.kind == "pli.routing") ++attempts[entry.pli];
            if (entry.kind == "pli.retry" || entry.kind == "pli.quarantined") ++losses[entry.pli];
        }
        std::set<std::string> there;
        store_->run("SELECT n, id FROM pli WHERE state = 'QUARANTINED'", [&](const Row& row) {
            there.insert(row.text(1));
            if (expected_.poisons.contains(row.text(1))) return;
            if (losses[row.integer(0)] >= kLossesMax || attempts[row.integer(0)] >= kAttemptsMax) return;
            say("L2", "pli {} is in quarantine after {} attempts", row.text(1), attempts[row.integer(0)]);
        });
        for (const auto& poison : expected_.poisons) {
            if (!there.contains(poison)) say("L2", "poison {} is not in quarantine", poison);
        }
    }

    const std::string home_;
    const std::unique_ptr<StoreReader> store_;
    const History& history_;
    const Expected& expected_;
    std::vector<Entry> entries_;
    std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> check(const StorePlace& place, const History& history, const Expected& expected) {
    if (sodium_init() < 0) return {"the checker has no digests"};
    try {
        return Checker(place, history, expected).run();
    } catch (const std::exception& error) {
        return {std::string("I2 ") + error.what()};
    }
}

long long count_in(const StorePlace& place, const std::string& sql) {
    try {
        return read_store(place)->number(sql);
    } catch (const std::exception&) {
        return -1;
    }
}

std::vector<std::string> texts_in(const StorePlace& place, const std::string& sql) {
    std::vector<std::string> texts;
    try {
        read_store(place)->run(sql, [&](const Row& row) { texts.push_back(row.text(0)); });
    } catch (const std::exception&) {
        texts.clear();
    }
    return texts;
}

bool at_rest(const StorePlace& place) {
    return count_in(place, kUnderWaySql) == 0;
}

}  // namespace pleiade::faults
