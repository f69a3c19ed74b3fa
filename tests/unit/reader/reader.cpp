#include "services/reader/reader.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <opencv2/imgproc.hpp>
#include <thread>

#include "common/vision/encode.h"
#include "tests/unit/reader/drawn_text.h"
#include "tests/unit/reader/shipped_tables.h"

namespace pleiade::reader {
namespace {

// Answers as the test tells it to.
class ScriptedEngine final : public OcrEngine {
  public:
    using Script = std::function<Result<std::vector<OcrLine>>(const cv::Mat&, const std::function<bool()>&)>;
    explicit ScriptedEngine(Script script) : script_(std::move(script)) {}
    Result<std::vector<OcrLine>> read(const cv::Mat& upright, double, OcrLayout,
                                      const std::function<bool()>& alive) override {
        return script_(upright, alive);
    }

  private:
    Script script_;
};

class ReaderTest : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() / ("pleiade-reader-test-" + std::to_string(::getpid()));
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    // A page with some lines of marks that look like text, so that it is not blank.
    std::string page_file(const std::string& name) {
        cv::Mat page(2339, 1654, CV_8UC1, cv::Scalar(255));
        for (int line = 0; line < 30; ++line) {
            cv::putText(page, "le texte de la page " + std::to_string(line), {150, 200 + line * 60},
                        cv::FONT_HERSHEY_SIMPLEX, 1.0, cv::Scalar(0), 2);
        }
        return write(name, page);
    }
    std::string blank_file(const std::string& name) {
        return write(name, cv::Mat(2339, 1654, CV_8UC1, cv::Scalar(255)));
    }

    Result<Reading> read(
        const std::vector<std::string>& files, ScriptedEngine::Script script,
        const std::function<bool()>& alive = [] { return true; }) {
        PliFiles pli;
        pli.context.received_on = "2026-11-20";
        for (const auto& file : files) {
            pli.pages.push_back(
                {static_cast<int>(pli.paths.size()) + 1, static_cast<int>(pli.paths.size()), 0, std::nullopt});
            pli.paths.push_back(file);
        }
        auto tables = load_tables("deploy/config", shipped_nomenclature());
        PLEIADE_CHECK(tables);
        auto model = digits::DigitModel::open("deploy/models/digits.model");
        PLEIADE_CHECK(model);
        return open_with(std::make_unique<ScriptedEngine>(std::move(script)), std::move(*model), std::move(*tables),
                         shipped_nomenclature())
            ->read(pli, alive);
    }

    std::filesystem::path folder_;

  private:
    std::string write(const std::string& name, const cv::Mat& page) {
        const auto encoded = vision::encode_png_1bit(page);
        const auto path = (folder_ / name).string();
        std::ofstream(path, std::ios::binary)
            .write(reinterpret_cast<const char*>(encoded.bytes.data()),
                   static_cast<std::streamsize>(encoded.bytes.size()));
        return path;
    }
};

Result<std::vector<OcrLine>> care_sheet(const cv::Mat&, const std::function<bool()>&) {
    return drawn_page(0, {{"cerfa n° 12541*02", 120}, {"feuille de soins - médecin", 100, 500, 40}}).lines;
}

TEST_F(ReaderTest, GivesPagesAndDocumentsOfAPli) {
    const auto reading = read({page_file("1.png"), blank_file("2.png")}, care_sheet);
    ASSERT_TRUE(reading) << reading.error().message;
    ASSERT_EQ(reading->pages.size(), 2u);
    EXPECT_EQ(reading->pages[0].kind, PageKind::Document);
    EXPECT_EQ(reading->pages[0].width, 1654);
    EXPECT_EQ(reading->pages[1].kind, PageKind::Blank);
    ASSERT_EQ(reading->documents.size(), 1u);
    EXPECT_EQ(reading->documents[0].type, "FSP_MED");
    EXPECT_EQ(reading->documents[0].pages, std::vector<int>{1});
    EXPECT_GT(reading->cpu_ms, 0);
    EXPECT_FALSE(reading->reader_version.empty());
}

TEST_F(ReaderTest, StopsWhenTheLeaseIsLostInsideTheEngine) {
    const auto reading = read(
        {page_file("1.png")},
        [](const cv::Mat&, const std::function<bool()>& alive) -> Result<std::vector<OcrLine>> {
            while (alive()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
            return conflict("ABANDONED", "the lease was lost");
        },
        [calls = 0]() mutable { return ++calls < 5; });
    ASSERT_FALSE(reading);
    EXPECT_EQ(reading.error().code, "ABANDONED");
    EXPECT_EQ(reading.error().kind, ErrorKind::Conflict);
}

TEST_F(ReaderTest, PassesOnThatTheEngineFailed) {
    const auto reading = read({page_file("1.png")}, [](const cv::Mat&, const auto&) -> Result<std::vector<OcrLine>> {
        return unavailable("OCR_FAILED", "out of memory");
    });
    ASSERT_FALSE(reading);
    EXPECT_EQ(reading.error().kind, ErrorKind::Unavailable);
}

TEST_F(ReaderTest, SurvivesAnEngineThatAnswersNonsense) {
    const auto reading = read({page_file("1.png")}, [](const cv::Mat&, const auto&) -> Result<std::vector<OcrLine>> {
        auto page = drawn_page(0, {{"\xff\xfe\xc3", 100}, {std::string(5000, 'x'), 200}, {"", 300}});
        page.lines.push_back({});
        page.lines.back().words.push_back({"hors page", 7.5, {-500, 999999, -3, 0}});
        return page.lines;
    });
    ASSERT_TRUE(reading) << reading.error().message;
    ASSERT_EQ(reading->documents.size(), 1u);
    EXPECT_EQ(reading->documents[0].type, kUnknownType);
}

TEST_F(ReaderTest, AFileThatCannotBeDecodedKeepsItsCode) {
    const auto path = (folder_ / "broken.png").string();
    std::ofstream(path) << "this is no image";
    const auto reading = read({path}, care_sheet);
    ASSERT_FALSE(reading);
    EXPECT_EQ(reading.error().code.substr(0, 4), "REJ_");
    EXPECT_EQ(reading.error().kind, ErrorKind::Invalid);
}

TEST_F(ReaderTest, RefusesToOpenWithoutItsTables) {
    ReaderSettings settings;
    settings.config_folder = folder_.string();
    const auto reader = Reader::open(settings, shipped_nomenclature());
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code, "CONFIG_INVALID");
}

TEST_F(ReaderTest, SaysWhichLanguageIsMissing) {
    ReaderSettings settings;
    settings.config_folder = "deploy/config";
    settings.language = "xx_none";
    const auto reader = Reader::open(settings, shipped_nomenclature());
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code, "OCR_UNAVAILABLE");
}

}  // namespace
}  // namespace pleiade::reader
