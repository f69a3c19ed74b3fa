#include "services/ingest/source.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "common/base/sha256.h"
#include "services/ingest/registration_key.h"
#include "services/ingest/source_parts.h"
#include "tests/unit/ingest/fakes.h"

namespace pleiade::ingest {
namespace {

namespace fs = std::filesystem;

// A lot of one pli with these files, named as given in the manifest.
std::string lot_naming(const TemporaryHome& home, const std::string& json_names) {
    const auto folder = home / "inbox/L";
    fs::create_directory(folder);
    write_file(folder + "/lot.json",
               R"({"lot":"L","caisse":"595","received_on":"2026-11-20","plis":[{"pli":"0001","files":[)" + json_names +
                   R"(]},{"pli":"0002","files":["good.tif"]}]})");
    write_file(folder + "/good.tif", "PAGES 1");
    return folder;
}

std::string code_of(const SourceLot& lot) {
    EXPECT_FALSE(lot.rejection) << lot.rejection->message;
    EXPECT_EQ(lot.plis.size(), 2u);
    EXPECT_FALSE(lot.plis.back().rejection) << "the good pli is rejected too";
    return lot.plis.front().rejection ? lot.plis.front().rejection->code : "";
}

TEST(LotFolder, NumbersPagesOverAllTheFilesOfAPli) {
    const TemporaryHome home;
    const auto folder = home / "inbox/L";
    fs::create_directory(folder);
    write_file(folder + "/1.tif", "PAGES 2");
    write_file(folder + "/2.jpg", "PAGES 1");
    write_file(folder + "/env.jpg", "PAGES 1 envelope");
    write_file(folder + "/lot.json",
               R"({"lot":"L1","caisse":"595","received_on":"2026-11-20","announced":{"plis":3,"pages":4},
      "plis":[{"pli":"0001","files":["1.tif","2.jpg"],"envelope":"env.jpg"}]})");
    const auto lot = open_source(folder, test_options());
    ASSERT_FALSE(lot.rejection) << lot.rejection->message;
    EXPECT_EQ(lot.lot, "L1");
    EXPECT_EQ(lot.announced_plis, 3);
    EXPECT_EQ(lot.announced_pages, 4);
    ASSERT_EQ(lot.plis.size(), 1u);
    const auto& pli = lot.plis[0];
    ASSERT_FALSE(pli.rejection) << pli.rejection->message;
    ASSERT_EQ(pli.paths, (std::vector<std::string>{folder + "/1.tif", folder + "/2.jpg", folder + "/env.jpg"}));
    EXPECT_EQ(pli.files[1].sha256, sha256_hex("PAGES 1"));
    EXPECT_EQ(pli.files[1].name, "2.jpg");
    ASSERT_EQ(pli.pages.size(), 4u);
    const auto expect_page = [&](std::size_t at, int page, int file, int index, std::optional<PageKind> known) {
        EXPECT_EQ(pli.pages[at].page, page);
        EXPECT_EQ(pli.pages[at].file, file);
        EXPECT_EQ(pli.pages[at].index, index);
        EXPECT_EQ(pli.pages[at].known, known);
    };
    expect_page(0, 0, 2, 0, PageKind::Envelope);
    expect_page(1, 1, 0, 0, std::nullopt);
    expect_page(2, 2, 0, 1, std::nullopt);
    expect_page(3, 3, 1, 0, std::nullopt);
}

TEST(LotFolder, ReadsNothingBeforeTheManifest) {
    const TemporaryHome home;
    fs::create_directory(home / "inbox/L");
    write_file(home / "inbox/L/1.tif", "PAGES 1");
    const auto lot = open_source(home / "inbox/L", test_options());
    ASSERT_TRUE(lot.rejection);
    EXPECT_EQ(lot.rejection->kind, ErrorKind::Unavailable);
    EXPECT_EQ(lot.rejection->code, "SOURCE_NO_MANIFEST");
}

TEST(LotFolder, RejectsThePliOfAFileThatIsNotThere) {
    const TemporaryHome home;
    const auto lot = open_source(lot_naming(home, R"("gone.tif")"), test_options());
    EXPECT_EQ(code_of(lot), "REJ_FILE_MISSING");
    EXPECT_EQ(lot.plis[0].rejected_file, "gone.tif");
}

TEST(LotFolder, NeverFollowsAHostileName) {
    for (const std::string name : {"../lot.json", "/etc/passwd", "..", ".", "", "sub/a.tif", "a\\\\b.tif", "a\\u0000b",
                                   "a\\nb", "a\\u202Efdp.exe"}) {
        const TemporaryHome home;
        const auto lot = open_source(lot_naming(home, "\"" + name + "\""), test_options());
        EXPECT_EQ(code_of(lot), "REJ_FILE_UNSAFE_NAME") << name;
    }
    const TemporaryHome home;
    EXPECT_EQ(code_of(open_source(lot_naming(home, "\"" + std::string(300, 'a') + "\""), test_options())),
              "REJ_FILE_UNSAFE_NAME");
}

TEST(LotFolder, OpensRegularFilesOnly) {
    const TemporaryHome home;
    const auto folder = lot_naming(home, R"("odd.tif")");
    write_file(home / "secret", "PAGES 1");
    fs::create_symlink(home / "secret", folder + "/odd.tif");
    EXPECT_EQ(code_of(open_source(folder, test_options())), "REJ_FILE_UNSAFE_NAME");
    fs::remove(folder + "/odd.tif");
    fs::create_symlink("good.tif", folder + "/odd.tif");
    EXPECT_EQ(code_of(open_source(folder, test_options())), "REJ_FILE_UNSAFE_NAME");
    fs::remove(folder + "/odd.tif");
    ASSERT_EQ(::mkfifo((folder + "/odd.tif").c_str(), 0600), 0);
    EXPECT_EQ(code_of(open_source(folder, test_options())), "REJ_FILE_UNSAFE_NAME");
    fs::remove(folder + "/odd.tif");
    fs::create_directory(folder + "/odd.tif");
    EXPECT_EQ(code_of(open_source(folder, test_options())), "REJ_FILE_UNSAFE_NAME");
}

TEST(LotFolder, RefusesAManifestThatIsALink) {
    const TemporaryHome home;
    fs::create_directory(home / "inbox/L");
    write_file(home / "manifest", manifest_text("L", 1));
    fs::create_symlink(home / "manifest", home / "inbox/L/lot.json");
    const auto lot = open_source(home / "inbox/L", test_options());
    ASSERT_TRUE(lot.rejection);
    EXPECT_EQ(lot.rejection->code, "REJ_FILE_UNSAFE_NAME");
}

TEST(LotFolder, RefusesAFileOverTheLimitUnread) {
    const TemporaryHome home;
    const auto folder = lot_naming(home, R"("big.tif")");
    write_file(folder + "/big.tif", "PAGES 1");
    fs::resize_file(folder + "/big.tif", 200u << 20);  // a hole: it takes no room, and no time unless it is read
    const auto lot = open_source(folder, test_options());
    EXPECT_EQ(code_of(lot), "REJ_TOO_LARGE");
    EXPECT_TRUE(lot.plis[0].rejected_sha256.empty());
}

TEST(LotFolder, PassesOnEachVerdictOfTheDecoder) {
    for (const std::string code : {"REJ_FORMAT_UNKNOWN", "REJ_FILE_EMPTY", "REJ_FILE_TRUNCATED", "REJ_FILE_CORRUPT",
                                   "REJ_FILE_ENCRYPTED", "REJ_TOO_LARGE", "REJ_DECODER_LIMIT", "REJ_DECODER_CRASH"}) {
        const TemporaryHome home;
        const auto folder = lot_naming(home, R"("1.tif", "bad.tif")");
        write_file(folder + "/1.tif", "PAGES 1");
        write_file(folder + "/bad.tif", code);
        const auto lot = open_source(folder, test_options());
        EXPECT_EQ(code_of(lot), code);
        EXPECT_EQ(lot.plis[0].rejected_file, "bad.tif");
        EXPECT_EQ(lot.plis[0].rejected_sha256, sha256_hex(code));
        EXPECT_EQ(lot.plis[0].present, (std::vector<std::string>{"1.tif", "bad.tif"}));
        EXPECT_TRUE(lot.plis[0].pages.empty());
    }
}

TEST(LotFolder, DoesNotBlameAFileForABusyDecoder) {
    const TemporaryHome home;
    const auto folder = lot_naming(home, R"("1.tif")");
    write_file(folder + "/1.tif", "BUSY");
    const auto lot = open_source(folder, test_options());
    ASSERT_TRUE(lot.plis[0].rejection);
    EXPECT_EQ(lot.plis[0].rejection->kind, ErrorKind::Unavailable);
}

TEST(LotFolder, RefusesAnEnvelopeOfSeveralImages) {
    const TemporaryHome home;
    const auto folder = home / "inbox/L";
    fs::create_directory(folder);
    write_file(folder + "/1.tif", "PAGES 2");
    write_file(folder + "/env.tif", "PAGES 2 recto verso");
    write_file(folder + "/lot.json", R"({"lot":"L1","caisse":"595","received_on":"2026-11-20",
      "plis":[{"pli":"0001","files":["1.tif"],"envelope":"env.tif"}]})");
    const auto lot = open_source(folder, test_options());
    ASSERT_TRUE(lot.plis.at(0).rejection);
    EXPECT_EQ(lot.plis[0].rejection->code, "REJ_MANIFEST_INVALID");
}

TEST(LotFolder, ContentChangesWithAnyByteOfAnyFile) {
    const TemporaryHome home;
    const auto folder = drop_lot(home / "inbox", "L", 2);
    const auto before = open_source(folder, test_options()).content_sha256;
    EXPECT_EQ(open_source(folder, test_options()).content_sha256, before);
    write_file(folder + "/0002.tif", "PAGES 2 L-3");
    EXPECT_NE(open_source(folder, test_options()).content_sha256, before);
}

TEST(LotFolder, ListsTheFilesThatTheManifestForgot) {
    const TemporaryHome home;
    const auto folder = drop_lot(home / "inbox", "L", 1);
    write_file(folder + "/0009.tif", "PAGES 1");
    write_file(folder + "/odd\n.tif", "PAGES 1");
    EXPECT_EQ(open_source(folder, test_options()).unlisted, (std::vector<std::string>{"0009.tif", "odd\\x0A.tif"}));
}

TEST(LooseFile, IsALotNamedByItsStemAndContent) {
    const TemporaryHome home;
    write_file(home / "inbox/courrier.2.pdf", "PAGES 3");
    auto options = test_options();
    options.received_on = "2026-11-20";
    const auto lot = open_source(home / "inbox/courrier.2.pdf", options);
    ASSERT_FALSE(lot.rejection) << lot.rejection->message;
    EXPECT_EQ(lot.lot, "courrier.2-" + sha256_hex("PAGES 3").substr(0, 8));
    EXPECT_TRUE(lot.loose_file);
    EXPECT_EQ(lot.announced_plis, 1);
    EXPECT_EQ(lot.announced_pages, 0);
    ASSERT_EQ(lot.plis.size(), 1u);
    EXPECT_EQ(lot.plis[0].context.pli, "0001");
    EXPECT_EQ(lot.plis[0].context.caisse, "595");
    EXPECT_EQ(lot.plis[0].context.received_on, "2026-11-20");
    EXPECT_EQ(lot.plis[0].pages.size(), 3u);
}

TEST(LooseFile, CameOnTheDayInParisOfItsLastChange) {
    EXPECT_EQ(paris_day(1'795'215'599), "2026-11-20");  // 22:59:59 UTC
    EXPECT_EQ(paris_day(1'795'215'600), "2026-11-21");
    EXPECT_EQ(paris_day(1'782'856'799), "2026-06-30");  // summer: 21:59:59 UTC
    EXPECT_EQ(paris_day(1'782'856'800), "2026-07-01");
    const TemporaryHome home;
    write_file(home / "inbox/a.pdf", "PAGES 1");
    const timespec old[2] = {{0, 0}, {0, 0}};  // a copy that keeps its date came today all the same
    ::utimensat(AT_FDCWD, (home / "inbox/a.pdf").c_str(), old, 0);
    const auto before = paris_day(::time(nullptr));
    const auto day = open_source(home / "inbox/a.pdf", test_options()).plis.at(0).context.received_on;
    EXPECT_TRUE(day == before || day == paris_day(::time(nullptr)));
}

TEST(LooseFile, IsCutAtItsSeparators) {
    const TemporaryHome home;
    write_file(home / "inbox/a.pdf", "PAGES 7 SEP 3,6");
    const auto lot = open_source(home / "inbox/a.pdf", test_options());
    ASSERT_EQ(lot.plis.size(), 3u);
    EXPECT_EQ(lot.announced_plis, 3);
    EXPECT_EQ(lot.plis[2].context.pli, "0003");
    EXPECT_EQ(lot.plis[2].pages.front().page, 6);
    EXPECT_EQ(lot.plis[2].pages.front().known, PageKind::Separator);
    EXPECT_EQ(lot.plis[2].files.size(), 1u);
    std::set<std::string> ids;
    for (const auto& pli : lot.plis) ids.insert(pli_id_of(lot.lot, pli.rank, pli.files).str());
    EXPECT_EQ(ids.size(), 3u);
}

TEST(LooseFile, SeparatorsInALotAreLeftToTheReader) {
    const TemporaryHome home;
    const auto folder = drop_lot(home / "inbox", "L", 1);
    write_file(folder + "/0001.tif", "PAGES 3 SEP 2");
    const auto lot = open_source(folder, test_options());
    ASSERT_EQ(lot.plis.size(), 1u);
    EXPECT_EQ(lot.plis[0].pages.size(), 3u);
}

TEST(LooseFile, HostileNamesAndKindsAreRefused) {
    const TemporaryHome home;
    write_file(home / "secret.pdf", "PAGES 1");
    fs::create_symlink(home / "secret.pdf", home / "inbox/link.pdf");
    ASSERT_EQ(::mkfifo((home / "inbox/pipe.pdf").c_str(), 0600), 0);
    write_file(home / "inbox/a\nb.pdf", "PAGES 1");
    write_file(home / "inbox/caf\xE9.pdf", "PAGES 1");
    for (const std::string name : {"link.pdf", "pipe.pdf", "a\nb.pdf", "caf\xE9.pdf"}) {
        const auto lot = open_source(home / ("inbox/" + name), test_options());
        ASSERT_TRUE(lot.rejection) << name;
        EXPECT_EQ(lot.rejection->code, "REJ_FILE_UNSAFE_NAME") << name;
        EXPECT_EQ(lot.lot.find('\n'), std::string::npos);
    }
}

TEST(LooseFile, NeedsACaisseThatIsKnown) {
    const TemporaryHome home;
    write_file(home / "inbox/a.pdf", "PAGES 1");
    auto options = test_options();
    options.caisse = "999";
    const auto lot = open_source(home / "inbox/a.pdf", options);
    ASSERT_TRUE(lot.rejection);
    EXPECT_EQ(lot.rejection->code, "REJ_MANIFEST_CAISSE");
}

TEST(Sources, AreFoundInOrderOfName) {
    const TemporaryHome home;
    drop_lot(home / "inbox", "L2", 1);
    drop_lot(home / "inbox", "L1", 1);
    fs::create_directories(home / "inbox/sub/deep");
    write_file(home / "inbox/sub/deep/b.pdf", "PAGES 1");
    write_file(home / "inbox/sub/.hidden", "PAGES 1");
    const auto sources = find_sources(home / "inbox/");
    ASSERT_TRUE(sources);
    EXPECT_EQ(*sources,
              (std::vector<std::string>{home / "inbox/L1", home / "inbox/L2", home / "inbox/sub/deep/b.pdf"}));
    EXPECT_EQ(find_sources(home / "inbox/L1").value(), std::vector<std::string>{home / "inbox/L1"});
    EXPECT_FALSE(find_sources(home / "nowhere"));
}

TEST(Sources, KnowTheCaissesOfTheConfiguration) {
    const char* source = std::getenv("PLEIADE_SOURCE");
    const auto caisses = load_caisses(std::string(source == nullptr ? "." : source) + "/deploy/config");
    ASSERT_TRUE(caisses) << caisses.error().message;
    EXPECT_TRUE(caisses->contains("595"));
    EXPECT_FALSE(caisses->contains("000"));
}

TEST(RegistrationKey, DependsOnLotRankAndFilesOnly) {
    const StoredFile a{sha256_hex("a"), 1, "a.tif"};
    const StoredFile b{sha256_hex("b"), 1, "b.tif"};
    const auto id = pli_id_of("L", 1, {a, b});
    EXPECT_EQ(id.str().size(), 32u);
    EXPECT_EQ(id, pli_id_of("L", 1, {{a.sha256, 1, "other name.tif"}, b}));
    EXPECT_NE(id, pli_id_of("L", 2, {a, b}));
    EXPECT_NE(id, pli_id_of("L", 1, {b, a}));
    EXPECT_NE(id, pli_id_of("M", 1, {a, b}));
    EXPECT_NE(pli_id_of("L1", 1, {a}), pli_id_of("L", 11, {a}));
}

}  // namespace
}  // namespace pleiade::ingest
