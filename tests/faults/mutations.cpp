// Any bit, length or place that changes in a stored file or in the audit chain is found: by reading the file, and by
// `pleiade verify` (its library, as the command runs it).
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "common/ledger/verify.h"
#include "common/vault/open.h"
#include "tests/faults/bench.h"
#include "tests/faults/scratch.h"
#include "tests/faults/world.h"

namespace pleiade::faults {
namespace {

namespace fs = std::filesystem;

struct StoredFile {
    fs::path path;
    std::string pli;
    std::string digest;
    std::string bytes;
};

std::string contents_of(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

void put(const fs::path& path, const std::string& bytes) {
    std::error_code ignored;
    fs::remove(path, ignored);
    std::ofstream(path, std::ios::binary) << bytes;
}

std::vector<StoredFile> files_of(const std::string& vault) {
    std::vector<StoredFile> files;
    for (const auto& entry : fs::recursive_directory_iterator(vault)) {
        if (!entry.is_regular_file()) continue;
        files.push_back({entry.path(), entry.path().parent_path().filename().string(), entry.path().filename().string(),
                         contents_of(entry.path())});
    }
    return files;
}

// Another content than before; the word says how.
std::string mutate(const std::vector<StoredFile>& files, std::size_t i, std::mt19937_64& random, std::string& bytes) {
    bytes = files[i].bytes;
    switch (random() % 5) {
        case 0:
            bytes.resize(random() % bytes.size());
            return "cut";
        case 1:
            bytes += static_cast<char>(random());
            return "longer";
        case 2: {
            const auto other = (i + 1 + random() % (files.size() - 1)) % files.size();
            if (files[other].bytes != bytes) {
                bytes = files[other].bytes;
                return "swapped";
            }
            [[fallthrough]];
        }
        case 3: {
            const auto at = random() % bytes.size();
            bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random() % 8)));
            return "one bit";
        }
        default: {
            const auto at = random() % bytes.size();
            bytes[at] = static_cast<char>(bytes[at] + 1 + random() % 255);
            return "one byte";
        }
    }
}

bool statement(sqlite3* database, const std::string& sql) {
    return sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK && sqlite3_changes(database) > 0;
}

// Changes the journal as somebody with the store's password would; false when nothing was changed.
bool mutate_journal(const std::string& store, std::mt19937_64& random, long long entries) {
    sqlite3* database = nullptr;
    if (sqlite3_open(store.c_str(), &database) != SQLITE_OK) return false;
    const auto n = [&](long long from) {
        return from + static_cast<long long>(random() % static_cast<std::uint64_t>(entries - from));
    };
    const long long seq = n(1);
    const char* const columns[] = {"kind", "actor", "from_state", "to_state", "code", "ref", "detail"};
    bool changed = false;
    switch (random() % 6) {
        case 0:
            changed = statement(
                database, fmt::format("UPDATE audit SET {0} = {0} || 'x' WHERE seq = {1}", columns[random() % 7], seq));
            break;
        case 1:
            changed = statement(database, fmt::format("DELETE FROM audit WHERE seq = {}", seq));
            break;
        case 2:
            changed = statement(database, fmt::format("UPDATE audit SET at_ms = at_ms + 1 WHERE seq = {}", seq));
            break;
        case 3:
            changed =
                statement(database, fmt::format("INSERT INTO audit SELECT {}, at_ms, kind, pli_n, document, actor, "
                                                "from_state, to_state, code, ref, detail, prev, hash FROM audit "
                                                "WHERE seq = {}",
                                                entries + 1, seq));
            break;
        case 4:  // two entries change places
            changed = statement(database, fmt::format("UPDATE audit SET seq = -1 WHERE seq = {}", seq)) &&
                      statement(database, fmt::format("UPDATE audit SET seq = {} WHERE seq = {}", seq, seq + 1)) &&
                      statement(database, fmt::format("UPDATE audit SET seq = {} WHERE seq = -1", seq + 1));
            break;
        default:  // the end is cut
            changed = statement(database, fmt::format("DELETE FROM audit WHERE seq > {}", seq));
    }
    sqlite3_close(database);
    return changed;
}

}  // namespace

bool mutations(const Options& options) {
    const std::int64_t wanted = options.count > 0 ? options.count : 10'000;
    const Scratch scratch(options.folder);
    WorldOptions world;
    world.home = scratch.path();
    world.seed = options.seed;
    world.simulated_disk = false;
    world.crashes = false;
    world.network = false;
    world.faults_for = std::chrono::milliseconds(0);
    const bool kept = run_world(world).violations.empty();
    bool good = figure("a store of whole mail", kept ? "whole" : "broken", "whole", kept);
    const std::string ledger = scratch.path() + "/ledger";
    const auto vault = vault::open_posix_vault(scratch.path() + "/vault");
    const auto whole = ledger::verify(ledger, vault.get());
    if (!whole) return figure("verify before", whole.error().message, "whole", false);

    std::mt19937_64 random(options.seed);
    const auto files = files_of(scratch.path() + "/vault");
    std::int64_t of_files = 0;
    std::int64_t by_reading = 0;
    std::int64_t by_verify = 0;
    for (; of_files < wanted * 4 / 5; ++of_files) {
        const auto i = random() % files.size();
        std::string bytes;
        const auto how = mutate(files, i, random, bytes);
        put(files[i].path, bytes);
        const auto fd = vault->open(PliId(files[i].pli), files[i].digest);
        if (fd) ::close(*fd);
        by_reading += fd ? 0 : 1;
        by_verify += ledger::verify(ledger, vault.get()) ? 0 : 1;
        if (fd) fmt::print("    not found: {} of {}\n", how, files[i].path.string());
        put(files[i].path, files[i].bytes);
    }
    const std::string store = ledger + "/ledger.sqlite";
    // Everything into the file itself, so that a copy of it is a copy of the store.
    sqlite3* database = nullptr;
    sqlite3_open(store.c_str(), &database);
    sqlite3_exec(database, "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr);
    sqlite3_close(database);
    const std::string image = contents_of(store);
    std::int64_t of_journal = 0;
    std::int64_t in_journal = 0;
    while (of_journal < wanted - of_files) {
        if (!mutate_journal(store, random, whole->audit_entries)) continue;
        ++of_journal;
        in_journal += ledger::verify(ledger, nullptr) ? 0 : 1;
        put(store, image);
    }
    good &= figure("mutations of stored files", std::to_string(of_files), std::to_string(wanted * 4 / 5), true);
    good &=
        figure("found by the next read", std::to_string(by_reading), std::to_string(of_files), by_reading == of_files);
    good &=
        figure("found by pleiade verify", std::to_string(by_verify), std::to_string(of_files), by_verify == of_files);
    good &= figure("mutations of the audit chain found by pleiade verify", std::to_string(in_journal),
                   std::to_string(of_journal), in_journal == of_journal);
    const bool end = ledger::verify(ledger, vault.get()).has_value();
    good &= figure("verify once all is put back", end ? "whole" : "broken", "whole", end);
    return good;
}

}  // namespace pleiade::faults
