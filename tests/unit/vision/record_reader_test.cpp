#include "common/vision/record_reader.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <random>

#include "common/vision/child_process.h"

namespace pleiade::vision {
namespace {

using namespace protocol;
using Log = std::vector<std::uint8_t>;

template <class T>
void put(Log& log, const T& value) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(&value);
    log.insert(log.end(), bytes, bytes + sizeof value);
}

template <class T>
void record(Log& log, RecordType type, std::uint32_t page, const T& payload, const std::string& more = "") {
    put(log, RecordHead{kMagic, static_cast<std::uint32_t>(type), page, 0, sizeof payload + more.size()});
    put(log, payload);
    log.insert(log.end(), more.begin(), more.end());
    while (log.size() % 8 != 0) log.push_back(0);
}

void bare(Log& log, RecordType type, std::uint32_t page) {
    put(log, RecordHead{kMagic, static_cast<std::uint32_t>(type), page, 0, 0});
}

PageRecord page_record(std::uint32_t width, std::uint32_t height) {
    return {width, height, 8, 0, 300, 300, std::uint64_t(width) * height};
}

CodeRecord code_record(const std::string& text) {
    CodeRecord code{};
    std::strcpy(code.symbology, "QRCode");
    code.x = code.y = 1;
    code.width = code.height = 2;
    code.text_bytes = static_cast<std::uint32_t>(text.size());
    return code;
}

// One page of 4 x 2 with one code, as a sound decoder writes it.
Log sound_log(const std::string& code_text = "PLEIADE-SEP 1") {
    Log log;
    record(log, RecordType::Start, 0, StartRecord{1, 0});
    record(log, RecordType::Page, 0, page_record(4, 2), std::string("\0\1\2\3\4\5\6\7", 8));
    record(log, RecordType::PixelsDone, 0, DoneRecord{1, 0});
    record(log, RecordType::Code, 0, code_record(code_text), code_text);
    bare(log, RecordType::CodesDone, 0);
    bare(log, RecordType::End, 0);
    return log;
}

RunRecords read(const Log& log) {
    const auto file = make_memory_file("test");
    EXPECT_TRUE(file);
    EXPECT_EQ(::write(file->get(), log.data(), log.size()), static_cast<ssize_t>(log.size()));
    return read_records(file->get(), {0, 16, 500, 1000, true});
}

TEST(RecordReader, ReadsWhatASoundDecoderWrites) {
    const RunRecords run = read(sound_log());
    EXPECT_FALSE(run.malformed);
    EXPECT_TRUE(run.ended);
    EXPECT_EQ(run.next_page, 1);
    ASSERT_EQ(run.pages.size(), 1u);
    const PageImage& page = run.pages.at(0);
    EXPECT_EQ(page.grey.at<std::uint8_t>(1, 3), 7);
    EXPECT_TRUE(page.codes_complete);
    ASSERT_EQ(page.codes.size(), 1u);
    EXPECT_EQ(page.codes[0].text, "PLEIADE-SEP 1");
}

TEST(RecordReader, KeepsTheWholeRecordsOfALogThatWasCutAnywhere) {
    const Log log = sound_log();
    for (std::size_t length = 0; length < log.size(); ++length) {
        const RunRecords run = read(Log(log.begin(), log.begin() + static_cast<long>(length)));
        EXPECT_FALSE(run.ended);
        for (const auto& [index, page] : run.pages) EXPECT_EQ(page.grey.total(), 8u);
    }
}

TEST(RecordReader, BelievesNoSizeThatDoesNotFit) {
    const auto malformed = [](auto change) {
        Log log;
        PageRecord page = page_record(4, 2);
        std::string pixels(8, 'x');
        change(page, pixels);
        record(log, RecordType::Start, 0, StartRecord{1, 0});
        record(log, RecordType::Page, 0, page, pixels);
        return read(log).malformed;
    };
    EXPECT_FALSE(malformed([](PageRecord&, std::string&) {}));
    EXPECT_TRUE(malformed([](PageRecord& p, std::string&) { p.width = 5; }));
    EXPECT_TRUE(malformed([](PageRecord& p, std::string&) {
        p.width = 0x80000001;
        p.height = 0x80000001;
    }));
    EXPECT_TRUE(malformed([](PageRecord& p, std::string&) {
        p.width = 4'000'000'000;
        p.pixel_bytes = 8;
    }));
    EXPECT_TRUE(malformed([](PageRecord& p, std::string&) { p.bits = 3; }));
    EXPECT_TRUE(malformed([](PageRecord& p, std::string&) { p.pixel_bytes = 1ull << 63; }));
    EXPECT_TRUE(malformed([](PageRecord& p, std::string& s) {
        p.pixel_bytes = 0;
        s.clear();
    }));
    EXPECT_TRUE(malformed([](PageRecord& p, std::string& s) {
        p = page_record(100, 100);
        s.resize(10'000);
    }));
}

TEST(RecordReader, RefusesPagesThatWereNotAskedForOrAreSaidTwice) {
    Log log;
    record(log, RecordType::Start, 0, StartRecord{2, 0});
    record(log, RecordType::Page, 5, page_record(1, 1), "x");
    EXPECT_TRUE(read(log).malformed);
    log.clear();
    record(log, RecordType::Start, 0, StartRecord{2, 0});
    record(log, RecordType::Page, 0, page_record(1, 1), "x");
    record(log, RecordType::Page, 0, page_record(1, 1), "x");
    EXPECT_TRUE(read(log).malformed);
    log.clear();
    record(log, RecordType::Start, 0, StartRecord{2, 0});
    record(log, RecordType::PixelsDone, 0, DoneRecord{2, 0});  // but no page
    EXPECT_TRUE(read(log).malformed);
    log.clear();
    record(log, RecordType::Start, 0, StartRecord{9'999, 0});  // more than the limit
    EXPECT_TRUE(read(log).malformed);
}

TEST(RecordReader, LetsNoCodeOfItsOwnMakingThrough) {
    Log log;
    VerdictRecord verdict{};
    std::strcpy(verdict.code, "REJ_INVENTED");
    record(log, RecordType::Verdict, 0, verdict);
    EXPECT_TRUE(read(log).malformed);
    log.clear();
    std::memset(&verdict, 'R', sizeof verdict);  // no end of string anywhere
    record(log, RecordType::Verdict, 0, verdict);
    EXPECT_TRUE(read(log).malformed);
    log.clear();
    verdict = {};
    std::strcpy(verdict.code, "REJ_FILE_CORRUPT");
    std::strcpy(verdict.message, "page 1\x1b[31m: damaged");
    record(log, RecordType::Verdict, 0, verdict);
    EXPECT_EQ(read(log).verdict->message, "page 1?[31m: damaged");
}

TEST(RecordReader, MakesTheTextOfCodesFitForJson) {
    EXPECT_EQ(read(sound_log("caf\xC3\xA9 \xE2\x82\xAC")).pages.at(0).codes[0].text, "caf\xC3\xA9 \xE2\x82\xAC");
    EXPECT_EQ(read(sound_log("a\x1d\x1e\x1f b")).pages.at(0).codes[0].text, "a\x1d\x1e\x1f b");  // 2D-Doc
    EXPECT_EQ(read(sound_log("\xFF\xC0\xAF\xED\xA0\x80\x01z")).pages.at(0).codes[0].text, "???????z");
}

TEST(RecordReader, SurvivesEveryFlippedBit) {
    const Log log = sound_log();
    for (std::size_t bit = 0; bit < log.size() * 8; ++bit) {
        Log flipped = log;
        flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ (1u << (bit % 8)));
        const RunRecords run = read(flipped);
        for (const auto& [index, page] : run.pages) EXPECT_LE(page.grey.total(), 1000u);
    }
}

TEST(RecordReader, SurvivesNoise) {
    std::mt19937 random(11);
    for (int round = 0; round < 300; ++round) {
        Log log = sound_log();
        for (int i = 0; i < 6; ++i) log[random() % log.size()] = static_cast<std::uint8_t>(random());
        read(log);
    }
}

}  // namespace
}  // namespace pleiade::vision
