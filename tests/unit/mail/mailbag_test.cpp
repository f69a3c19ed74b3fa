#include "tests/mail/mailbag.h"

#include <gtest/gtest.h>
#include <tiffio.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "common/base/sha256.h"

namespace pleiade::mail {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

std::string slurp(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

const TruthTables& tables() {
    static const TruthTables loaded(std::string(std::getenv("PLEIADE_SOURCE")) + "/deploy/config");
    return loaded;
}

class Mailbag : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "pleiade-mail-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { fs::remove_all(folder_); }

    MailOrder order(const std::string& name, int plis, std::uint64_t seed, std::vector<std::string> types = {}) {
        MailOrder made;
        made.out = (folder_ / name).string();
        made.plis = plis;
        made.seed = seed;
        made.types = std::move(types);
        made.lot_size = 4;
        made.dpi = 40;
        return made;
    }
    std::map<std::string, std::string> digests(const std::string& name) {
        std::map<std::string, std::string> found;
        for (const auto& entry : fs::recursive_directory_iterator(folder_ / name)) {
            if (entry.is_regular_file())
                found[fs::relative(entry.path(), folder_ / name).string()] = sha256_hex(slurp(entry.path()));
        }
        return found;
    }
    std::vector<json::object> truth(const std::string& name) {
        std::vector<json::object> lines;
        std::ifstream in(folder_ / name / "truth.jsonl");
        for (std::string line; std::getline(in, line);) lines.push_back(json::parse(line).as_object());
        return lines;
    }
    fs::path folder_;
};

std::set<int> numbers(const json::value& array) {
    std::set<int> found;
    for (const auto& one : array.as_array()) found.insert(static_cast<int>(one.as_int64()));
    return found;
}

int images_in(const fs::path& file) {
    if (file.extension() != ".tif") return 1;
    TIFF* tiff = TIFFOpen(file.c_str(), "r");
    if (tiff == nullptr) return 0;
    const int count = static_cast<int>(TIFFNumberOfDirectories(tiff));
    TIFFClose(tiff);
    return count;
}

TEST_F(Mailbag, DrawsTheSameMailForTheSameSeed) {
    fill_mailbag(order("a", 4, 42), tables());
    fill_mailbag(order("b", 4, 42), tables());
    fill_mailbag(order("c", 4, 43), tables());
    EXPECT_EQ(digests("a"), digests("b"));
    EXPECT_NE(digests("a"), digests("c"));
}

TEST_F(Mailbag, AccountsForEveryPageInTheTruth) {
    fill_mailbag(order("a", 8, 5, {"FSP_AUX", "C2S_ADH", "AAT", "CRA"}), tables());
    const auto lines = truth("a");
    ASSERT_EQ(lines.size(), 8u);
    for (const auto& pli : lines) {
        std::set<int> listed, of_kind_document, in_documents;
        for (const auto& page : pli.at("pages").as_array()) {
            const int number = static_cast<int>(page.at("page").as_int64());
            EXPECT_TRUE(listed.insert(number).second);
            EXPECT_EQ(number == 0, page.at("kind").as_string() == "envelope");
            if (page.at("kind").as_string() == "document") of_kind_document.insert(number);
        }
        for (const auto& document : pli.at("documents").as_array()) {
            for (const int page : numbers(document.at("pages"))) EXPECT_TRUE(in_documents.insert(page).second);
        }
        EXPECT_EQ(of_kind_document, in_documents);
        EXPECT_EQ(*listed.rbegin(), static_cast<int>(listed.size()) - (listed.contains(0) ? 1 : 0));
    }
}

TEST_F(Mailbag, AnnouncesExactlyWhatItWrites) {
    fill_mailbag(order("a", 8, 9, {"RIB", "PMT", "DECL_MT", "C2S_ADH"}), tables());
    int lots = 0;
    for (const auto& entry : fs::directory_iterator(folder_ / "a")) {
        if (!entry.is_directory()) continue;
        ++lots;
        const auto manifest = json::parse(slurp(entry.path() / "lot.json")).as_object();
        EXPECT_EQ(manifest.at("lot").as_string(), entry.path().filename().string());
        EXPECT_EQ(manifest.at("caisse").as_string(), "595");
        EXPECT_EQ(manifest.at("received_on").as_string(), "2026-11-20");
        int images = 0, files = 0;
        bool pdf = false;
        for (const auto& pli : manifest.at("plis").as_array()) {
            for (const auto& file : pli.at("files").as_array()) {
                const fs::path path = entry.path() / std::string(file.as_string());
                ASSERT_TRUE(fs::exists(path)) << path;
                pdf = pdf || path.extension() == ".pdf";
                images += images_in(path);
                ++files;
            }
            if (pli.as_object().contains("envelope")) {
                EXPECT_TRUE(fs::exists(entry.path() / std::string(pli.at("envelope").as_string())));
                ++images;
                ++files;
            }
        }
        EXPECT_EQ(manifest.at("announced").at("plis").as_int64(),
                  static_cast<std::int64_t>(manifest.at("plis").as_array().size()));
        if (!pdf) {
            EXPECT_EQ(manifest.at("announced").at("pages").as_int64(), images);
        }
        const auto found = std::distance(fs::directory_iterator(entry.path()), fs::directory_iterator());
        EXPECT_EQ(found, files + 1);  // nothing but the manifest and what it names
    }
    EXPECT_EQ(lots, 2);
}

TEST_F(Mailbag, ShowsMedicalVoletsToTheServiceMedicalOnly) {
    fill_mailbag(order("a", 8, 21, {"AAT"}), tables());
    for (const auto& pli : truth("a")) {
        for (const auto& document : pli.at("documents").as_array()) {
            if (document.at("type").as_string() != "AAT") continue;
            std::map<std::string, std::set<int>> expected, found;
            for (const auto& [page, volet] : document.at("volets").as_object()) {
                static const std::map<std::int64_t, std::string> kReaders = {{1, "ELSM"}, {2, "IJ"}, {3, "HORS"}};
                expected[kReaders.at(volet.as_int64())].insert(std::stoi(std::string(page)));
            }
            EXPECT_EQ(document.at("secrecy").as_string(), "medical");
            const auto& route = document.at("route");
            const bool employer_only = expected.size() == 1 && expected.contains("HORS");
            EXPECT_EQ(route.at("service").as_string(), employer_only ? "HORS" : "IJ");
            if (!numbers(route.at("pages")).empty())
                found[std::string(route.at("service").as_string())] = numbers(route.at("pages"));
            for (const auto& copy : route.at("copies").as_array())
                found[std::string(copy.at("service").as_string())] = numbers(copy.at("pages"));
            EXPECT_EQ(found, expected);
        }
    }
}

TEST_F(Mailbag, DrawsTypesAtTheWeightsOfTheNomenclature) {
    const MailOrder many = order("none", 20'000, 3);
    std::map<std::string, int> counts;
    for (const auto& type : plan_types(many, tables())) ++counts[type];
    double sum = 0;
    for (const auto& [type, weight] : drawable_types(tables(), Half::Train)) sum += weight;
    for (const auto& [type, weight] : drawable_types(tables(), Half::Train)) {
        const double expected = 20'000 * weight / sum;
        EXPECT_NEAR(counts[type], expected, 4 * std::sqrt(expected) + 1) << type;
    }
    EXPECT_EQ(counts["IDENTITE"], 0);  // never the main document of a pli
}

TEST_F(Mailbag, RefusesATypeThatNobodyDraws) {
    EXPECT_THROW(fill_mailbag(order("a", 1, 1, {"NO_SUCH_TYPE"}), tables()), std::invalid_argument);
}

}  // namespace
}  // namespace pleiade::mail
