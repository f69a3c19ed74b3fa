// The whole process on a home of its own, with a hub and a decoder that do as told.
#include "services/ingest/ingester.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>

#include "common/base/sha256.h"
#include "services/ingest/registration_key.h"
#include "tests/unit/ingest/fakes.h"

namespace pleiade::ingest {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

boost::json::value json_at(const std::string& path) {
    return boost::json::parse(read_text(path));
}

TEST(Ingester, TakesALotFromTheInboxToDone) {
    const TemporaryHome home;
    Bench bench(home.path());
    drop_lot(home / "inbox", "L1", 3);
    const auto ingester = bench.open();
    bench.run(*ingester);
    EXPECT_EQ(bench.hub.registered.size(), 3u);
    EXPECT_EQ(files_under(home / "inbox"), Names{});
    EXPECT_EQ(files_under(home / "done"),
              (Names{"L1/0001.tif", "L1/0002.tif", "L1/0003.tif", "L1/lot.json", "L1/report.json"}));
    EXPECT_EQ(files_under(home / "rejected"), Names{});
    EXPECT_EQ(files_under(home / "vault").size(), 3u);
    const auto report = json_at(home / "done/L1/report.json");
    EXPECT_EQ(report.at("registered").as_int64(), 3);
    EXPECT_EQ(report.at("plis").at(0).at("outcome").as_string(), "registered");
    EXPECT_EQ(report.at("plis").at(0).at("pages").as_int64(), 2);
    EXPECT_EQ(bench.hub.openings.at(0).announced_plis(), 3);
    EXPECT_EQ(bench.hub.registrations.at(0).pages_size(), 2);
}

TEST(Ingester, StoresEachFileUnderThePliBeforeItIsRegistered) {
    const TemporaryHome home;
    Bench bench(home.path());
    drop_lot(home / "inbox", "L1", 1);
    bench.run(*bench.open());
    const auto& registration = bench.hub.registrations.at(0);
    const auto id = pli_id_of(bench.hub.registered.begin()->first);
    const auto fd = bench.vault->open(id, registration.files(0).sha256());
    ASSERT_TRUE(fd) << fd.error().message;
    ::close(*fd);
}

TEST(Ingester, OneBadFileRejectsItsPliAndNotTheLot) {
    const TemporaryHome home;
    Bench bench(home.path());
    const auto folder = drop_lot(home / "inbox", "L1", 3);
    write_file(folder + "/0002.tif", "REJ_FILE_CORRUPT");
    bench.run(*bench.open());
    EXPECT_EQ(bench.hub.registered.size(), 2u);
    EXPECT_EQ(bench.hub.rejected_codes(), Names{"REJ_FILE_CORRUPT"});
    EXPECT_EQ(bench.hub.rejections.at(0).pli(), "0002");
    EXPECT_EQ(files_under(home / "rejected"), (Names{"L1/0002/0002.tif", "L1/0002/rejection.json"}));
    EXPECT_EQ(files_under(home / "done"), (Names{"L1/0001.tif", "L1/0003.tif", "L1/lot.json", "L1/report.json"}));
    const auto rejection = json_at(home / "rejected/L1/0002/rejection.json");
    EXPECT_EQ(rejection.at("lot").as_string(), "L1");
    EXPECT_EQ(rejection.at("pli").as_string(), "0002");
    EXPECT_EQ(rejection.at("file").as_string(), "0002.tif");
    EXPECT_EQ(rejection.at("code").as_string(), "REJ_FILE_CORRUPT");
    EXPECT_TRUE(rejection.as_object().contains("message"));
    EXPECT_TRUE(rejection.as_object().contains("at"));
    EXPECT_EQ(json_at(home / "done/L1/report.json").at("plis").at(1).at("outcome").as_string(), "rejected");
}

TEST(Ingester, EveryCodeOfTheContractLeavesItsSourceInRejected) {
    for (const std::string code : {"REJ_FORMAT_UNKNOWN", "REJ_FILE_CORRUPT", "REJ_FILE_ENCRYPTED", "REJ_TOO_LARGE",
                                   "REJ_DECODER_LIMIT", "REJ_DECODER_CRASH", "REJ_FILE_EMPTY", "REJ_FILE_TRUNCATED"}) {
        const TemporaryHome home;
        Bench bench(home.path());
        write_file(home / "inbox/scan.pdf", code);
        fs::last_write_time(home / "inbox/scan.pdf", fs::file_time_type::clock::now() - std::chrono::hours(1));
        bench.run(*bench.open());
        const auto lot = "scan-" + sha256_hex(code).substr(0, 8);
        EXPECT_EQ(bench.hub.rejected_codes(), Names{code});
        EXPECT_EQ(files_under(home / "rejected"), (Names{lot + "/0001/rejection.json", lot + "/0001/scan.pdf"}))
            << code;
        EXPECT_EQ(read_text(home / ("rejected/" + lot + "/0001/scan.pdf")), code) << "the source was changed";
        EXPECT_EQ(files_under(home / "done"), Names{});
        EXPECT_EQ(files_under(home / "vault"), Names{});
    }
}

TEST(Ingester, AWrongManifestSendsTheWholeFolderToRejected) {
    const TemporaryHome home;
    Bench bench(home.path());
    const auto folder = drop_lot(home / "inbox", "L1", 2);
    write_file(folder + "/lot.json", R"({"lot":"L1","caisse":"595","plis":[]})");
    const auto other = drop_lot(home / "inbox", "L2", 1);
    auto text = manifest_text("L2", 1);
    write_file(other + "/lot.json", text.replace(text.find("595"), 3, "998"));
    drop_lot(home / "inbox", "L3", 1);
    bench.run(*bench.open());
    EXPECT_EQ(bench.hub.rejected_codes(), (Names{"REJ_MANIFEST_CAISSE", "REJ_MANIFEST_INVALID"}));
    EXPECT_EQ(files_under(home / "rejected"), (Names{"L1/0001.tif", "L1/0002.tif", "L1/lot.json", "L1/rejection.json",
                                                     "L2/0001.tif", "L2/lot.json", "L2/rejection.json"}));
    EXPECT_NE(json_at(home / "rejected/L1/rejection.json").at("message").as_string().find("/received_on"),
              std::string::npos);
    EXPECT_EQ(bench.hub.registered.size(), 1u) << "the good lot goes on";
}

TEST(Ingester, AManifestCutShortIsWaitedForThenRejected) {
    const TemporaryHome home;
    Bench bench(home.path());
    const auto folder = drop_lot(home / "inbox", "L1", 1);
    const auto whole = manifest_text("L1", 1);
    write_file(folder + "/lot.json", whole.substr(0, 30));
    const auto ingester = bench.open();
    ingester->step();
    ingester->step();
    EXPECT_TRUE(bench.hub.rejections.empty());
    write_file(folder + "/lot.json", whole);
    bench.run(*ingester);
    EXPECT_EQ(bench.hub.registered.size(), 1u);

    const auto other = drop_lot(home / "inbox", "L2", 1);
    write_file(other + "/lot.json", whole.substr(0, 30));
    bench.run(*ingester);
    EXPECT_EQ(bench.hub.rejected_codes(), Names{"REJ_MANIFEST_INVALID"});
}

TEST(Ingester, AFolderWithoutManifestIsLeftAlone) {
    const TemporaryHome home;
    Bench bench(home.path());
    fs::create_directory(home / "inbox/L1");
    write_file(home / "inbox/L1/0001.tif", "PAGES 1");
    bench.run(*bench.open());
    EXPECT_EQ(files_under(home / "inbox"), Names{"L1/0001.tif"});
    EXPECT_TRUE(bench.hub.openings.empty());
}

TEST(Ingester, AGrowingFileIsNeverHalfRead) {
    const TemporaryHome home;
    Bench bench(home.path());
    const auto ingester = bench.open();
    const int fd = ::open((home / "inbox/scan.pdf").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    std::string whole;
    for (int i = 0; i < 6; ++i) {
        const std::string more = i == 0 ? "PAGES 4 " : "more and more ";
        whole += more;
        ASSERT_EQ(::write(fd, more.data(), more.size()), static_cast<ssize_t>(more.size()));
        ingester->step();
        bench.clock.advance(std::chrono::milliseconds(900));
        EXPECT_TRUE(bench.hub.openings.empty());
    }
    bench.run(*ingester, 8);  // quiet for long, but its writer still holds it
    EXPECT_TRUE(bench.hub.openings.empty());
    ::close(fd);
    bench.run(*ingester);
    ASSERT_EQ(bench.hub.registrations.size(), 1u);
    EXPECT_EQ(bench.hub.registrations[0].files(0).sha256(), sha256_hex(whole));
}

TEST(Ingester, ANameOfAnUnfinishedTransferWaits) {
    const TemporaryHome home;
    Bench bench(home.path());
    const auto ingester = bench.open();
    write_file(home / "inbox/scan.pdf.part", "PAGES 1");
    bench.run(*ingester, 6);
    EXPECT_TRUE(bench.hub.openings.empty());
    fs::rename(home / "inbox/scan.pdf.part", home / "inbox/scan.pdf");
    bench.run(*ingester, 6);
    EXPECT_EQ(bench.hub.registered.size(), 1u);
}

TEST(Ingester, AFileThatEndsTooEarlyGetsASecondChance) {
    const TemporaryHome home;
    Bench bench(home.path());
    const auto ingester = bench.open();
    write_file(home / "inbox/scan.pdf", "REJ_FILE_TRUNCATED");  // written just now: its sender may have paused
    bench.run(*ingester, 8);
    EXPECT_TRUE(bench.hub.rejections.empty());
    for (const auto& file : files_under(home / "inbox")) write_file(home / ("inbox/" + file), "PAGES 3 whole now");
    bench.run(*ingester, 30);
    EXPECT_EQ(bench.hub.registered.size(), 1u);
}

TEST(Ingester, LooseFilesBelongToTheCaisseOfTheirFolder) {
    const TemporaryHome home;
    Bench bench(home.path());
    fs::create_directory(home / "inbox/597");
    fs::create_directory(home / "inbox/999");
    write_file(home / "inbox/597/a.pdf", "PAGES 1");
    write_file(home / "inbox/b.pdf", "PAGES 2 SEP 1");
    write_file(home / "inbox/999/c.pdf", "PAGES 3");
    bench.run(*bench.open());
    std::map<std::string, std::string> caisses;
    for (const auto& pli : bench.hub.registrations) caisses[pli.context().file()] = pli.context().caisse();
    EXPECT_EQ(caisses, (std::map<std::string, std::string>{{"a.pdf", "597"}, {"b.pdf", "595"}}));
    EXPECT_EQ(bench.hub.rejected_codes(), Names{"REJ_MANIFEST_CAISSE"});
    EXPECT_EQ(files_under(home / "done").size(), 4u);
}

TEST(Ingester, HostileThingsInTheInboxAreRefusedUnopened) {
    const TemporaryHome home;
    Bench bench(home.path());
    write_file(home / "secret", "PAGES 1");
    fs::create_symlink(home / "secret", home / "inbox/link.pdf");
    fs::create_symlink(home / "done", home / "inbox/595");
    ASSERT_EQ(::mkfifo((home / "inbox/pipe").c_str(), 0600), 0);
    write_file(home / "inbox/a\nb.pdf", "PAGES 1");
    write_file(home / "inbox/caf\xE9.pdf", "PAGES 1");
    write_file(home / "inbox/rejection.json", "REJ_FORMAT_UNKNOWN");
    bench.run(*bench.open());
    EXPECT_EQ(bench.hub.rejected_codes(),
              (Names{"REJ_FILE_UNSAFE_NAME", "REJ_FILE_UNSAFE_NAME", "REJ_FILE_UNSAFE_NAME", "REJ_FILE_UNSAFE_NAME",
                     "REJ_FILE_UNSAFE_NAME", "REJ_FORMAT_UNKNOWN"}));
    EXPECT_EQ(files_under(home / "inbox"), Names{});
    EXPECT_EQ(read_text(home / "secret"), "PAGES 1");
    int kept = 0;
    for (const auto& file : files_under(home / "rejected")) {
        if (!fs::is_regular_file(home / ("rejected/" + file))) continue;  // the pipe would be read for ever
        kept += read_text(home / ("rejected/" + file)) == "REJ_FORMAT_UNKNOWN" ? 1 : 0;
    }
    EXPECT_EQ(kept, 1) << "a source named as our own report was overwritten";
    for (const auto& rejection : bench.hub.rejections) {
        EXPECT_EQ(rejection.lot().find('\n'), std::string::npos);
        EXPECT_EQ(rejection.lot().find('\xE9'), std::string::npos);
    }
}

TEST(Ingester, TheSameLotTwiceIsRegisteredOnce) {
    const TemporaryHome home;
    Bench bench(home.path());
    const auto ingester = bench.open();
    drop_lot(home / "inbox", "L1", 2);
    bench.run(*ingester);
    drop_lot(home / "inbox", "L1", 2);
    bench.run(*ingester);
    EXPECT_EQ(bench.hub.registered.size(), 2u);
    EXPECT_TRUE(bench.hub.rejections.empty());
    EXPECT_TRUE(exists(home / "done/L1/report.json"));
    EXPECT_TRUE(json_at(home / "done/L1~2/report.json").at("plis").at(0).at("seen_before").as_bool());
}

TEST(Ingester, AnotherContentUnderTheSameNumberIsRejected) {
    const TemporaryHome home;
    Bench bench(home.path());
    const auto ingester = bench.open();
    drop_lot(home / "inbox", "L1", 2);
    bench.run(*ingester);
    drop_lot(home / "inbox", "L1", 3);
    bench.run(*ingester);
    EXPECT_EQ(bench.hub.registered.size(), 2u);
    EXPECT_EQ(bench.hub.rejected_codes(), Names{"REJ_DUPLICATE_LOT"});
    EXPECT_EQ(json_at(home / "rejected/L1/rejection.json").at("code").as_string(), "REJ_DUPLICATE_LOT");
    EXPECT_EQ(files_under(home / "rejected").size(), 5u);
}

TEST(Ingester, KeepsTheSourceUntilTheHubHasAnswered) {
    const TemporaryHome home;
    Bench bench(home.path());
    drop_lot(home / "inbox", "L1", 3);
    bench.hub.calls_until_down = 3;  // OpenLot and two plis
    const auto ingester = bench.open();
    bench.run(*ingester, 5);
    EXPECT_EQ(bench.hub.registered.size(), 2u);
    EXPECT_EQ(files_under(home / "done"), Names{});
    EXPECT_EQ(files_under(home / "inbox").size(), 4u);
    EXPECT_FALSE(ingester->readiness().at(0).ok);
    bench.hub.calls_until_down = -1;
    bench.hub.up = true;
    bench.run(*ingester);
    EXPECT_EQ(bench.hub.registered.size(), 3u);
    EXPECT_EQ(files_under(home / "inbox"), Names{});
    EXPECT_TRUE(exists(home / "done/L1/report.json"));
    EXPECT_TRUE(ingester->readiness().at(0).ok);
}

TEST(Ingester, ALostAnswerRegistersNothingTwice) {
    const TemporaryHome home;
    Bench bench(home.path());
    drop_lot(home / "inbox", "L1", 2);
    bench.hub.forget_answer = true;
    const auto ingester = bench.open();
    ingester->step();
    EXPECT_EQ(bench.hub.registered.size(), 1u);
    EXPECT_EQ(files_under(home / "done"), Names{});
    bench.hub.forget_answer = false;
    bench.run(*ingester);
    EXPECT_EQ(bench.hub.registered.size(), 2u);
    EXPECT_TRUE(exists(home / "done/L1"));
}

TEST(Ingester, WithoutTheHubNothingIsEvenClaimed) {
    const TemporaryHome home;
    Bench bench(home.path());
    drop_lot(home / "inbox", "L1", 1);
    bench.hub.up = false;
    const auto ingester = bench.open();
    bench.run(*ingester, 4);
    EXPECT_TRUE(exists(home / "inbox/L1/lot.json"));
    bench.hub.up = true;
    bench.run(*ingester, 4);
    EXPECT_TRUE(exists(home / "done/L1"));
}

TEST(Ingester, AFullDiskStopsAdmissionAndReadinessSaysSo) {
    const TemporaryHome home;
    Bench bench(home.path());
    bench.options.disk_free_bytes_min = ~0ull;
    drop_lot(home / "inbox", "L1", 1);
    const auto ingester = bench.open();
    bench.run(*ingester, 4);
    EXPECT_TRUE(exists(home / "inbox/L1/lot.json"));
    EXPECT_FALSE(ingester->readiness().at(1).ok);
}

TEST(Ingester, ABusyDecoderDelaysItsLotAndNotTheOthers) {
    const TemporaryHome home;
    Bench bench(home.path());
    const auto folder = drop_lot(home / "inbox", "L1", 2);
    write_file(folder + "/0001.tif", "BUSY");
    drop_lot(home / "inbox", "L2", 1);
    const auto ingester = bench.open();
    bench.run(*ingester, 3);
    EXPECT_TRUE(exists(home / "done/L2"));
    EXPECT_FALSE(exists(home / "done/L1"));
    EXPECT_TRUE(bench.hub.rejections.empty());
    EXPECT_EQ(bench.hub.registered.size(), 2u) << "the lot's other pli need not wait";
}

TEST(Ingester, TwoIngestersShareAnInbox) {
    const TemporaryHome home;
    Bench bench(home.path());
    const auto one = bench.open("one");
    const auto two = bench.open("two");
    for (int i = 0; i < 6; ++i) drop_lot(home / "inbox", "L" + std::to_string(i), 1);
    bench.run(*one, 2);
    bench.run(*two, 2);
    EXPECT_EQ(bench.hub.registered.size(), 6u);
    EXPECT_EQ(files_under(home / "done").size(), 18u);
    const auto again = Ingester::open(bench.options, {bench.hub, *bench.vault, bench.clock}, bench.metrics);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, "CLAIMS_IN_USE");
}

TEST(Ingester, AdoptsTheClaimsOfADeadOne) {
    const TemporaryHome home;
    Bench bench(home.path());
    drop_lot(home / "inbox", "L1", 3);
    write_file(home / "inbox/scan.pdf", "PAGES 1");
    {
        const auto dead = bench.open("dead");
        bench.run(*dead, 3);
        drop_lot(home / "inbox", "L2", 3);
        bench.hub.calls_until_down = 2;
        bench.run(*dead, 3);
        EXPECT_FALSE(exists(home / "done/L2"));
    }
    bench.hub.calls_until_down = -1;
    bench.hub.up = true;
    const auto heir = bench.open("heir");
    bench.run(*heir);
    EXPECT_TRUE(exists(home / "done/L2/report.json"));
    EXPECT_EQ(bench.hub.registered.size(), 7u);
    EXPECT_EQ(files_under(home / "inbox"), Names{});
}

TEST(Ingester, TakesTheOldestFirst) {
    const TemporaryHome home;
    Bench bench(home.path());
    for (const std::string lot : {"L3", "L1", "L2"}) {
        drop_lot(home / "inbox", lot, 1);
        ::usleep(20'000);  // the file system's clock ticks every few milliseconds
    }
    bench.run(*bench.open(), 1);
    Names order;
    for (const auto& opening : bench.hub.openings) order.push_back(opening.lot());
    EXPECT_EQ(order, (Names{"L3", "L1", "L2"}));
}

TEST(Ingester, CountsWhatItDid) {
    const TemporaryHome home;
    Bench bench(home.path());
    const auto folder = drop_lot(home / "inbox", "L1", 3);
    write_file(folder + "/0002.tif", "REJ_FILE_CORRUPT");
    bench.run(*bench.open());
    const auto text = runtime::metrics_text(bench.registry);
    for (const auto* line :
         {"pleiade_ingest_plis_total{outcome=\"registered\"} 2", "pleiade_ingest_plis_total{outcome=\"rejected\"} 1",
          "pleiade_ingest_rejections_total{code=\"REJ_FILE_CORRUPT\"} 1", "pleiade_ingest_pages_total 4",
          "pleiade_ingest_backlog{kind=\"claimed\"} 0", "pleiade_ingest_hub_reachable 1"}) {
        EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
    }
}

}  // namespace
}  // namespace pleiade::ingest
