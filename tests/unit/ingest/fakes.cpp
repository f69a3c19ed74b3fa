#include "tests/unit/ingest/fakes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "common/base/check.h"
#include "common/base/csv.h"
#include "common/vault/open.h"
#include "services/ingest/registration_key.h"

namespace pleiade::ingest {

namespace fs = std::filesystem;

TemporaryHome::TemporaryHome() {
    std::string pattern = (fs::temp_directory_path() / "pleiade-ingest-XXXXXX").string();
    PLEIADE_CHECK(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
    for (const auto* folder : {"inbox", "done", "rejected", "vault"}) fs::create_directory(path_ + "/" + folder);
}

TemporaryHome::~TemporaryHome() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

void write_file(const std::string& path, const std::string& text) {
    std::ofstream stream(path, std::ios::binary);
    stream << text;
    PLEIADE_CHECK(stream.good());
}

std::string read_text(const std::string& path) {
    return runtime::read_file(path).value_or("");
}

bool exists(const std::string& path) {
    struct stat found {};
    return ::lstat(path.c_str(), &found) == 0;
}

std::vector<std::string> files_under(const std::string& folder) {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_directory()) files.push_back(fs::relative(entry.path(), folder).string());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::string manifest_text(const std::string& lot, int plis) {
    std::string entries;
    for (int n = 1; n <= plis; ++n) {
        entries += fmt::format(R"({}{{"pli":"{:04}","files":["{:04}.tif"]}})", n == 1 ? "" : ",", n, n);
    }
    return fmt::format(R"({{"lot":"{}","caisse":"595","received_on":"2026-11-20","plis":[{}]}})", lot, entries);
}

std::string drop_lot(const std::string& inbox, const std::string& lot, int plis, int pages) {
    const auto folder = inbox + "/" + lot;
    fs::create_directory(folder);
    for (int n = 1; n <= plis; ++n) {
        write_file(fmt::format("{}/{:04}.tif", folder, n), fmt::format("PAGES {} {}-{}", pages, lot, n));
    }
    write_file(folder + "/lot.json", manifest_text(lot, plis));
    return folder;
}

Result<InspectedFile> inspect_words(int fd, bool codes) {
    std::string text(4096, '\0');
    const auto got = ::pread(fd, text.data(), text.size(), 0);
    text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    if (text.starts_with("REJ_")) return invalid(std::string(trim(text)), "as the test wants it");
    if (text.starts_with("BUSY")) return unavailable("DECODER_UNAVAILABLE", "as the test wants it");
    std::istringstream stream(text);
    std::string word;
    int pages = 0;
    stream >> word >> pages;
    if (word != "PAGES") return invalid("REJ_FORMAT_UNKNOWN", "not of the test");
    InspectedFile file;
    file.pages.resize(static_cast<std::size_t>(pages));
    if (stream >> word && word == "SEP" && codes && stream >> word) {
        for (const auto& page : split(word, ',')) {
            file.pages.at(static_cast<std::size_t>(std::stoi(page)) - 1).codes.push_back({"QRCode", "PLEIADE-SEP", {}});
        }
    }
    return file;
}

SourceOptions test_options() {
    SourceOptions options;
    options.caisses = {"595", "597", "011"};
    options.inspect = inspect_words;
    return options;
}

FakeHub::FakeHub(std::string file) : file_(std::move(file)) {
    if (!file_.empty()) load();
}

bool FakeHub::lost() {
    if (calls_until_down == 0) up = false;
    if (calls_until_down > 0) --calls_until_down;
    return !up;
}

Result<v1::LotOpened> FakeHub::open_lot(const v1::OpenLot& lot, const std::string&) {
    if (lost()) return unavailable("HUB_UNREACHABLE", "as the test wants it");
    openings.push_back(lot);
    v1::LotOpened answer;
    if (const auto known = lots.find(lot.lot()); known != lots.end()) {
        if (known->second != lot.content_sha256()) return conflict("REJ_DUPLICATE_LOT", "other content");
        answer.set_seen_before(true);
        return answer;
    }
    lots[lot.lot()] = lot.content_sha256();
    remember("lot", lot.lot(), lot.content_sha256());
    return answer;
}

Result<v1::Registered> FakeHub::register_pli(const v1::Register& pli, const std::string& key) {
    if (lost()) return unavailable("HUB_UNREACHABLE", "as the test wants it");
    v1::Registered answer;
    answer.set_pli_id(pli_id_of(key).str());
    const auto value = fmt::format("{}/{} {}", pli.context().lot(), pli.context().pli(), pli.pages_size());
    if (const auto known = registered.find(key); known != registered.end()) {
        EXPECT_EQ(known->second, value) << "one key for two registrations";
        answer.set_seen_before(true);
        return answer;
    }
    registered[key] = value;
    registrations.push_back(pli);
    remember("registered", key, value);
    if (forget_answer) return unavailable("HUB_UNREACHABLE", "the answer was lost");
    return answer;
}

Result<v1::Rejected> FakeHub::reject(const v1::Reject& rejection, const std::string& key) {
    if (lost()) return unavailable("HUB_UNREACHABLE", "as the test wants it");
    v1::Rejected answer;
    answer.set_seen_before(rejected.contains(key));
    if (!answer.seen_before()) {
        rejected[key] = rejection.lot() + "/" + rejection.pli() + " " + rejection.code();
        rejections.push_back(rejection);
        remember("rejected", key, rejected[key]);
    }
    return answer;
}

std::vector<std::string> FakeHub::rejected_codes() const {
    std::vector<std::string> codes;
    for (const auto& rejection : rejections) codes.push_back(rejection.code());
    std::sort(codes.begin(), codes.end());
    return codes;
}

void FakeHub::remember(const std::string& kind, const std::string& key, const std::string& value) {
    if (file_.empty()) return;
    std::ofstream(file_, std::ios::app) << kind << "\t" << key << "\t" << value << "\n";
}

void FakeHub::load() {
    for (const auto& line : split(read_text(file_), '\n')) {
        const auto parts = split(line, '\t');
        if (parts.size() != 3) continue;
        auto& map = parts[0] == "lot" ? lots : parts[0] == "registered" ? registered : rejected;
        EXPECT_FALSE(map.contains(parts[1])) << "said twice: " << line;
        map[parts[1]] = parts[2];
    }
}

Bench::Bench(const std::string& home_path)
    : home(home_path), vault(vault::open_posix_vault(home_path + "/vault")), metrics(registry) {
    options.home = home_path;
    options.disk_free_bytes_min = 0;
    options.source = test_options();
}

std::unique_ptr<Ingester> Bench::open(const std::string& instance) {
    options.instance = instance;
    auto ingester = Ingester::open(options, {hub, *vault, clock}, metrics);
    EXPECT_TRUE(ingester) << ingester.error().message;
    return ingester ? std::move(*ingester) : nullptr;
}

void Bench::run(Ingester& ingester, int steps) {
    for (int i = 0; i < steps; ++i) {
        ingester.step();
        clock.advance(std::chrono::seconds(1));
    }
}

}  // namespace pleiade::ingest
