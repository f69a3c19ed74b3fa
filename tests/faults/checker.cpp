#include "tests/faults/checker.h"

#include <fmt/format.h>
#include <sodium.h>
#include <sqlite3.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <stdexcept>

#include "common/base/sha256.h"

namespace pleiade::faults {
namespace {

constexpr std::size_t kShownMax = 20;
constexpr int kAttemptsMax = 5;
constexpr int kLossesMax = 3;

class Store {
  public:
    explicit Store(const std::string& home) {
        const std::string path = home + "/ledger/ledger.sqlite";
        if (sqlite3_open_v2(path.c_str(), &handle_, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK) {
            sqlite3_close(handle_);
            throw std::runtime_error("the store cannot be opened");
        }
        sqlite3_busy_timeout(handle_, 5'000);
        run("BEGIN", [](sqlite3_stmt*) {});
    }
    ~Store() { sqlite3_close(handle_); }
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    void run(const std::string& sql, const std::function<void(sqlite3_stmt*)>& row) {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) fail();
        int code = SQLITE_ROW;
        while ((code = sqlite3_step(statement)) == SQLITE_ROW) row(statement);
        sqlite3_finalize(statement);
        if (code != SQLITE_DONE) fail();
    }
    long long number(const std::string& sql) {
        long long value = 0;
        run(sql, [&](sqlite3_stmt* s) { value = sqlite3_column_int64(s, 0); });
        return value;
    }

  private:
    [[noreturn]] void fail() { throw std::runtime_error(std::string("the store: ") + sqlite3_errmsg(handle_)); }
    sqlite3* handle_ = nullptr;
};

std::string text(sqlite3_stmt* s, int column) {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(s, column));
    return bytes == nullptr ? "" : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(s, column)));
}
long long integer(sqlite3_stmt* s, int column) {
    return sqlite3_column_int64(s, column);
}

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
    Checker(std::string home, const History& history, const Expected& expected)
        : home_(std::move(home)), store_(home_), history_(history), expected_(expected) {}

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
        store_.run(sql, [&](sqlite3_stmt* s) { say(invariant, "{}: {}", what, text(s, 0)); });
    }

    void integrity() {
        store_.run("PRAGMA integrity_check", [&](sqlite3_stmt* s) {
            if (text(s, 0) != "ok") say("I2", "the store's file is damaged: {}", text(s, 0));
        });
    }

    void journal() {
        store_.run(
            "SELECT seq, at_ms, kind, pli_n, document, actor, from_state, to_state, code, ref, detail, prev, "
            "hash FROM audit ORDER BY seq",
            [&](sqlite3_stmt* s) {
                entries_.push_back({integer(s, 0), integer(s, 1), integer(s, 3), integer(s, 4), text(s, 2), text(s, 5),
                                    text(s, 6), text(s, 7), text(s, 8), text(s, 9), text(s, 10), text(s, 11),
                                    text(s, 12)});
            });
        std::string head(32, '\0');
        long long next = 1;
        for (const Entry& entry : entries_) {
            if (entry.seq != next++) say("I7", "an entry is missing before {}", entry.seq);
            if (entry.prev != head || seal(entry) != entry.hash)
                say("I7", "entry {} is not what was sealed", entry.seq);
            head = entry.hash;
        }
        store_.run("SELECT seq, hash FROM audit_head", [&](sqlite3_stmt* s) {
            if (integer(s, 0) != next - 1 || text(s, 1) != head) say("I7", "the journal does not end where it says");
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
        store_.run(
            "SELECT 'pli ' || n, state FROM pli UNION ALL SELECT 'document ' || pli_n || '-' || number, state "
            "FROM document UNION ALL SELECT 'delivery ' || id, state FROM delivery",
            [&](sqlite3_stmt* s) {
                if (now[text(s, 0)] != text(s, 1)) {
                    say("I2", "{} is {} and its journal says {}", text(s, 0), text(s, 1), now[text(s, 0)]);
                }
                now.erase(text(s, 0));
            });
        for (const auto& [what, state] : now) say("I2", "{} is in the journal and nowhere else", what);
    }

    void acknowledged() {
        std::set<std::string> there;
        store_.run("SELECT id FROM pli", [&](sqlite3_stmt* s) { there.insert(text(s, 0)); });
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
        store_.run("SELECT id, n FROM pli", [&](sqlite3_stmt* s) { numbers[text(s, 0)] = integer(s, 1); });
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
        store_.run("SELECT p.id, f.sha256 FROM file f JOIN pli p ON p.n = f.pli_n", [&](sqlite3_stmt* s) {
            const std::string id = text(s, 0);
            std::ifstream stream(home_ + "/vault/" + id.substr(0, 2) + "/" + id + "/" + text(s, 1), std::ios::binary);
            if (!stream) {
                say("I6", "pli {}: its file is not in the vault", id);
                return;
            }
            const std::string bytes(std::istreambuf_iterator<char>(stream), {});
            if (sha256_hex(bytes) != text(s, 1)) say("I6", "pli {}: its file is not what it was", id);
        });
    }

    void lots() {
        none("I8", "a lot's count",
             "SELECT lot FROM lot l WHERE registered <> (SELECT count(*) FROM pli WHERE lot_n = l.n) OR received <> "
             "registered + rejected OR announced < received");
        if (!expected_.ended) return;
        std::set<std::pair<std::string, std::string>> there;
        store_.run("SELECT l.lot, p.pli FROM pli p JOIN lot l ON l.n = p.lot_n",
                   [&](sqlite3_stmt* s) { there.emplace(text(s, 0), text(s, 1)); });
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
        store_.run("SELECT n, id FROM pli WHERE state = 'QUARANTINED'", [&](sqlite3_stmt* s) {
            there.insert(text(s, 1));
            if (expected_.poisons.contains(text(s, 1))) return;
            if (losses[integer(s, 0)] >= kLossesMax || attempts[integer(s, 0)] >= kAttemptsMax) return;
            say("L2", "pli {} is in quarantine after {} attempts", text(s, 1), attempts[integer(s, 0)]);
        });
        for (const auto& poison : expected_.poisons) {
            if (!there.contains(poison)) say("L2", "poison {} is not in quarantine", poison);
        }
    }

    const std::string home_;
    Store store_;
    const History& history_;
    const Expected& expected_;
    std::vector<Entry> entries_;
    std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> check(const std::string& home, const History& history, const Expected& expected) {
    if (sodium_init() < 0) return {"the checker has no digests"};
    try {
        return Checker(home, history, expected).run();
    } catch (const std::exception& error) {
        return {std::string("I2 ") + error.what()};
    }
}

long long count_in(const std::string& home, const std::string& sql) {
    try {
        return Store(home).number(sql);
    } catch (const std::exception&) {
        return -1;
    }
}

std::vector<std::string> texts_in(const std::string& home, const std::string& sql) {
    std::vector<std::string> texts;
    try {
        Store(home).run(sql, [&](sqlite3_stmt* s) { texts.push_back(text(s, 0)); });
    } catch (const std::exception&) {
        texts.clear();
    }
    return texts;
}

bool at_rest(const std::string& home) {
    return count_in(home, kUnderWaySql) == 0;
}

}  // namespace pleiade::faults
