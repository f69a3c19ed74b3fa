#include "common/ledger/beneficiary_register.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>

#include "common/base/csv.h"
#include "common/domain/identifiers/date_text.h"
#include "common/domain/text_fold.h"
#include "common/ledger/nir_digest.h"
#include "common/ledger/sqlite/sqlite_database.h"

namespace pleiade::ledger {
namespace {

constexpr auto kLookEvery = std::chrono::seconds(1);
constexpr std::size_t kErrorsShown = 20;
constexpr std::string_view kProbe = "255081416802538";  // nobody's; its digest tells which key was used
constexpr std::string_view kHeader = "nir;last_name;first_name;birth_date;caisse";

std::string path_in(const std::string& folder) {
    return folder + "/beneficiaries.db";
}

// A register under another key would say of everybody that nobody knows them.
bool is_of_key(Database& store, const NirDigest& digest) {
    Query query(store, "SELECT digest FROM made_with");
    return query.next() && query.text(0) == digest.of(kProbe);
}

class Register final : public Beneficiaries {
  public:
    explicit Register(std::string folder) : folder_(std::move(folder)) {}

    bool available() const override {
        const std::lock_guard lock(mutex_);
        return look();
    }

    std::vector<Beneficiary> with_number(std::string_view nir) const override {
        const std::lock_guard lock(mutex_);
        if (!look()) return {};
        const auto digest = digest_->of(nir);
        if (!digest) return {};
        Query query(*store_, "SELECT last_name, first_name, birth_date, caisse FROM beneficiary WHERE nir = ?",
                    Blob{*digest});
        return people(query);
    }

    std::vector<Beneficiary> named(std::string_view last_name, std::string_view first_name,
                                   const Date& birth_date) const override {
        const std::lock_guard lock(mutex_);
        if (!look()) return {};
        Query query(*store_, "SELECT last_name, first_name, birth_date, caisse FROM beneficiary WHERE birth_date = ?",
                    birth_date);
        auto found = people(query);
        std::erase_if(found, [&](const Beneficiary& one) {
            return !names_resemble(last_name, one.last_name) || !names_resemble(first_name, one.first_name);
        });
        return found;
    }

  private:
    static std::vector<Beneficiary> people(Query& query) {
        std::vector<Beneficiary> found;
        while (query.next()) found.push_back({query.text(0), query.text(1), query.text(2), query.text(3)});
        return found;
    }

    // Whether there is a register to look into; takes up the one that an import has put in place.
    bool look() const {
        const auto now = std::chrono::steady_clock::now();
        if (looked_ && now - *looked_ < kLookEvery) return store_ != nullptr;
        looked_ = now;
        struct stat found {};
        if (::stat(path_in(folder_).c_str(), &found) != 0) {
            store_.reset();
            return false;
        }
        const std::array<std::int64_t, 3> state = {static_cast<std::int64_t>(found.st_ino), found.st_mtim.tv_sec,
                                                   found.st_mtim.tv_nsec};
        if (store_ != nullptr && state == state_) return true;
        store_.reset();
        try {
            digest_ = NirDigest::open(folder_);
            store_ = std::make_unique<SqliteDatabase>(path_in(folder_), SqliteDatabase::Mode::Read);
            state_ = state;
            if (!is_of_key(*store_, *digest_)) store_.reset();
        } catch (const std::runtime_error&) {
            store_.reset();  // a register without its key is none
        }
        return store_ != nullptr;
    }

    std::string folder_;
    mutable std::mutex mutex_;
    mutable std::optional<std::chrono::steady_clock::time_point> looked_;
    mutable std::array<std::int64_t, 3> state_{};
    mutable std::optional<NirDigest> digest_;
    mutable std::unique_ptr<Database> store_;
};

bool is_caisse(const std::string& text) {
    return text.size() == 3 && text.find_first_not_of("0123456789AB") == std::string::npos;
}

// What is wrong with a line, without saying what it holds.
std::string mistake_in(const std::vector<std::string>& cells, const std::optional<std::string>& digest) {
    if (cells.size() != 5) return fmt::format("{} columns, 5 expected", cells.size());
    if (!digest) return "nir: not a number of a person, or its key is wrong";
    if (folded(cells[1]).empty()) return "last_name is empty";
    if (!cells[3].empty() && !civil_date_of(cells[3])) return "birth_date: YYYY-MM-DD expected";
    if (!is_caisse(cells[4])) return "caisse: three characters expected";
    return "";
}

void make_tables(Database& store, const NirDigest& digest) {
    store.execute_script(
        "CREATE TABLE beneficiary (nir BLOB NOT NULL, last_name TEXT NOT NULL, first_name TEXT NOT NULL,"
        " birth_date TEXT NOT NULL, caisse TEXT NOT NULL) STRICT;"
        "CREATE TABLE made_with (digest BLOB NOT NULL) STRICT;");
    Query(store, "INSERT INTO made_with VALUES (?)", Blob{*digest.of(kProbe)}).run();
}

void import_lines(std::ifstream& file, const NirDigest& digest, Database& store, ImportReport& report) {
    std::set<std::string> caisses;
    std::string line;
    for (std::uint64_t number = 2; std::getline(file, line); ++number) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (line.empty()) continue;
        const auto cells = split(line, ';');
        const auto person = cells.empty() ? std::nullopt : digest.of(cells.front());
        const auto mistake = mistake_in(cells, person);
        if (!mistake.empty()) {
            if (report.errors.size() < kErrorsShown)
                report.errors.push_back(fmt::format("line {}: {}", number, mistake));
            continue;
        }
        Query(store, "INSERT INTO beneficiary VALUES (?, ?, ?, ?, ?)", Blob{*person}, folded(cells[1]),
              folded(cells[2]), cells[3], cells[4])
            .run();
        caisses.insert(cells[4]);
        ++report.rows;
    }
    report.caisses = caisses.size();
}

void remove_with_journals(const std::string& path) {
    for (const char* end : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(path + end);
}

}  // namespace

std::unique_ptr<Beneficiaries> open_beneficiaries(const std::string& folder) {
    return std::make_unique<Register>(folder);
}

Result<ImportReport> import_beneficiaries(const std::string& csv, const std::string& folder) {
    std::ifstream file(csv, std::ios::binary);
    std::string header;
    if (!file || !std::getline(file, header)) {
        return invalid("BENEFICIARIES_UNREADABLE", csv + " cannot be read, or is empty");
    }
    if (!header.empty() && header.back() == '\r') header.pop_back();
    if (header != kHeader) {
        return invalid("BENEFICIARIES_UNREADABLE", fmt::format("{}: the first line must be {}", csv, kHeader));
    }
    const std::string fresh = path_in(folder) + ".new";
    ImportReport report;
    try {
        std::filesystem::create_directories(folder);
        remove_with_journals(fresh);
        const auto digest = NirDigest::open_or_create(folder);
        {
            ::close(::open(fresh.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR));
            SqliteDatabase store(fresh, SqliteDatabase::Mode::Write);
            make_tables(store, digest);
            store.execute_script("BEGIN");
            import_lines(file, digest, store, report);
            store.execute_script(
                "CREATE INDEX by_nir ON beneficiary (nir); CREATE INDEX by_birth ON beneficiary (birth_date); COMMIT;"
                "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE;");
        }
        if (report.errors.empty()) {
            std::filesystem::rename(fresh, path_in(folder));
        } else {
            remove_with_journals(fresh);
        }
    } catch (const std::exception& error) {
        return unavailable("BENEFICIARIES_NOT_WRITTEN", error.what());
    }
    return report;
}

Result<std::uint64_t> count_beneficiaries(const std::string& folder) {
    if (!std::filesystem::exists(path_in(folder))) return 0;
    try {
        SqliteDatabase store(path_in(folder), SqliteDatabase::Mode::Read);
        if (!is_of_key(store, NirDigest::open(folder))) {
            return invalid("BENEFICIARIES_OTHER_KEY",
                           "the register was made under another ledger/nir.key and finds nobody; import it again");
        }
        Query query(store, "SELECT count(*) FROM beneficiary");
        return query.next() ? static_cast<std::uint64_t>(query.integer(0)) : 0;
    } catch (const std::runtime_error& error) {
        return unavailable("BENEFICIARIES_UNREADABLE", error.what());
    }
}

}  // namespace pleiade::ledger
