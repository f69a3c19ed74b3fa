// The real decoder, on real files: pages are counted and separators found. Skipped where the shared data is absent.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "common/base/sha256.h"
#include "services/ingest/source.h"
#include "tests/unit/ingest/fakes.h"

namespace pleiade::ingest {
namespace {

namespace fs = std::filesystem;

std::string shared(const std::string& path) {
    const char* named = std::getenv("PLEIADE_SHARED_DATA");
    const char* source = std::getenv("PLEIADE_SOURCE");
    const auto folder =
        named != nullptr ? std::string(named) : std::string(source == nullptr ? "." : source) + "/../shared/data";
    return folder + "/" + path;
}

SourceOptions real_options() {
    SourceOptions options;
    options.received_on = "2026-11-20";
    return options;
}

// Each pli as its first and last page.
std::vector<std::string> plis_of(const std::string& path) {
    const auto lot = open_source(path, real_options());
    EXPECT_FALSE(lot.rejection) << path << ": " << lot.rejection->code;
    std::vector<std::string> plis;
    for (const auto& pli : lot.plis) {
        EXPECT_FALSE(pli.rejection) << path << ": " << pli.rejection->code << " " << pli.rejection->message;
        if (pli.pages.empty()) continue;
        plis.push_back(std::to_string(pli.pages.front().page) + "-" + std::to_string(pli.pages.back().page) +
                       (pli.pages.front().known == PageKind::Separator ? "s" : ""));
    }
    return plis;
}

#define NEEDS(path)                                                                        \
    if (!fs::exists(path)) {                                                               \
        GTEST_SKIP() << path << " is not there: shared data absent, this test is skipped"; \
    }

TEST(Sandbox, FindsTheSeparatorsOfRealScans) {
    const auto folder = shared("codes_barres/paperless");
    NEEDS(folder);
    using Plis = std::vector<std::string>;
    EXPECT_EQ(plis_of(folder + "/patch-code-t-middle.pdf"), Plis({"1-1", "2-3s"}));
    EXPECT_EQ(plis_of(folder + "/several-patcht-codes.pdf"), Plis({"1-2", "3-5s", "6-7s"}));
    EXPECT_EQ(plis_of(folder + "/patch-code-t.pdf"), Plis({"1-1s"}));
    EXPECT_EQ(plis_of(folder + "/barcode-39-asn-123.pdf"), Plis({"1-1"}));
}

TEST(Sandbox, RejectsWhatIsNoPage) {
    const TemporaryHome home;
    write_file(home / "inbox/empty.pdf", "");
    write_file(home / "inbox/words.pdf", "these are words");
    for (const auto& [name, code] :
         {std::pair<std::string, std::string>{"empty.pdf", "REJ_FILE_EMPTY"}, {"words.pdf", "REJ_FORMAT_UNKNOWN"}}) {
        const auto lot = open_source(home / ("inbox/" + name), real_options());
        ASSERT_EQ(lot.plis.size(), 1u) << name;
        ASSERT_TRUE(lot.plis[0].rejection) << name;
        EXPECT_EQ(lot.plis[0].rejection->code, code);
    }
}

TEST(Sandbox, GivesEveryHostileFileACodedOutcome) {
    const auto folder = shared("hostile/paperless");
    NEEDS(folder);
    int files = 0;
    const auto sources = find_sources(folder).value();
    for (const auto& path : sources) {
        const auto lot = open_source(path, real_options());
        const auto error = lot.rejection ? lot.rejection : lot.plis.at(0).rejection;
        if (error) {
            EXPECT_EQ(error->kind, ErrorKind::Invalid) << path << ": " << error->code;
            EXPECT_TRUE(error->code.starts_with("REJ_")) << path << ": " << error->code;
        } else {
            EXPECT_FALSE(lot.plis.at(0).pages.empty());
        }
        ++files;
    }
    EXPECT_GT(files, 0);
}

}  // namespace
}  // namespace pleiade::ingest
