#include "services/reader/tesseract_engine.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <leptonica/allheaders.h>
#include <tesseract/baseapi.h>
#include <tesseract/ocrclass.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>

#include "common/base/csv.h"
#include "common/runtime/log.h"
#include "services/reader/line_network/line_reader.h"

namespace pleiade::reader {
namespace {

// A page that takes longer than this is noise or an attack; what was read until then is kept.
constexpr int kPageMilliseconds = 30'000;

// Asked between words: often enough for the lease, rarely enough to cost nothing.
class Heart {
  public:
    using Time = std::chrono::steady_clock::time_point;
    // `last`: when somebody was asked last, also while another line was read.
    Heart(const std::function<bool()>& alive, Time& last) : alive_(alive), last_(last) {}
    static bool must_stop(void* self, int /*words*/) { return static_cast<Heart*>(self)->beat(); }
    bool stopped() const { return stopped_; }
    bool beat() {
        const auto now = std::chrono::steady_clock::now();
        if (!stopped_ && now - last_ >= std::chrono::milliseconds(200)) {
            last_ = now;
            stopped_ = !alive_();
        }
        return stopped_;
    }

  private:
    const std::function<bool()>& alive_;
    Time& last_;
    bool stopped_ = false;
};

Box box_of(const tesseract::ResultIterator& at, tesseract::PageIteratorLevel level) {
    int left = 0, top = 0, right = 0, bottom = 0;
    at.BoundingBox(level, &left, &top, &right, &bottom);
    return {left, top, right - left, bottom - top};
}

// OMP_THREAD_LIMIT is read when the OpenMP runtime is loaded, before main: too late to set here. No level of
// parallel regions at all has the same effect, and needs no link to a runtime that Tesseract may not even use.
void use_one_thread() {
    using SetLevels = void (*)(int);
    if (const auto set_levels = reinterpret_cast<SetLevels>(::dlsym(RTLD_DEFAULT, "omp_set_max_active_levels"))) {
        set_levels(0);
    }
}

class TesseractEngine final : public OcrEngine {
  public:
    TesseractEngine(std::unique_ptr<tesseract::TessBaseAPI> api, std::optional<line_network::LineReader> lines)
        : api_(std::move(api)), lines_(std::move(lines)) {}

    Result<std::vector<OcrLine>> read(const cv::Mat& upright, double dpi, OcrLayout layout,
                                      const std::function<bool()>& alive) override {
        Heart heart(alive, asked_);
        if (layout == OcrLayout::Line && lines_) {
            if (heart.beat()) return abandoned();
            return lines_->read(upright);
        }
        api_->SetPageSegMode(layout == OcrLayout::Page ? tesseract::PSM_AUTO : tesseract::PSM_SINGLE_LINE);
        // The engine reads what it is not sure of a second time as white on black. Callers find bands of white letters
        // themselves and turn them before they ask for a line, so that handwriting was read twice for nothing.
        api_->SetVariable("tessedit_do_invert", layout == OcrLayout::Page ? "1" : "0");
        api_->SetVariable("tessedit_char_whitelist", layout == OcrLayout::Figures ? "0123456789AB" : "");
        api_->SetImage(upright.data, upright.cols, upright.rows, 1, static_cast<int>(upright.step));
        api_->SetSourceResolution(dpi > 0 ? static_cast<int>(dpi) : 200);
        tesseract::ETEXT_DESC monitor;
        monitor.cancel = &Heart::must_stop;
        monitor.cancel_this = &heart;
        monitor.set_deadline_msecs(kPageMilliseconds);
        const int failed = api_->Recognize(&monitor);
        if (heart.stopped()) {
            api_->Clear();
            return abandoned();
        }
        if (failed != 0 && !monitor.deadline_exceeded()) {
            api_->Clear();
            return unavailable("OCR_FAILED", "the OCR engine gave up on a page; the pli will be tried again");
        }
        auto lines = collect();
        api_->Clear();
        return lines;
    }

  private:
    static tl::unexpected<Error> abandoned() {
        return conflict("ABANDONED", "the lease was lost while the page was read; nothing is to be done");
    }

    std::vector<OcrLine> collect() {
        std::vector<OcrLine> lines;
        const std::unique_ptr<tesseract::ResultIterator> at(api_->GetIterator());
        if (!at) return lines;
        int block = -1;
        do {
            if (at->IsAtBeginningOf(tesseract::RIL_BLOCK)) ++block;
            const std::unique_ptr<char[]> text(at->GetUTF8Text(tesseract::RIL_WORD));
            const auto word_text = text ? trim(text.get()) : std::string_view();
            if (word_text.empty()) continue;
            if (at->IsAtBeginningOf(tesseract::RIL_TEXTLINE) || lines.empty()) {
                lines.emplace_back();
                lines.back().box = box_of(*at, tesseract::RIL_TEXTLINE);
                lines.back().block = block;
            }
            OcrWord word;
            word.text = std::string(word_text);
            word.confidence = std::clamp(at->Confidence(tesseract::RIL_WORD) / 100.0, 0.0, 1.0);
            word.box = box_of(*at, tesseract::RIL_WORD);
            lines.back().words.push_back(std::move(word));
        } while (at->Next(tesseract::RIL_WORD));
        std::stable_sort(lines.begin(), lines.end(),
                         [](const OcrLine& a, const OcrLine& b) { return a.box.y < b.box.y; });
        return lines;
    }

    std::unique_ptr<tesseract::TessBaseAPI> api_;
    std::optional<line_network::LineReader> lines_;
    Heart::Time asked_;
};

// Of the language that the engine has opened. A network of another layout is no fault: the engine reads its lines
// itself.
std::optional<line_network::LineReader> open_lines(tesseract::TessBaseAPI& api, const std::string& language) {
    auto model = line_network::load_line_model(std::string(api.GetDatapath()) + "/" + language + ".traineddata");
    if (!model) {
        runtime::log_error("lines are read by Tesseract itself, at five times the cost", model.error());
        return std::nullopt;
    }
    return std::optional<line_network::LineReader>(std::move(*model));
}

}  // namespace

Result<std::unique_ptr<OcrEngine>> open_tesseract(const std::string& tessdata_folder, const std::string& language,
                                                  LinesBy by) {
    use_one_thread();
    setMsgSeverity(L_SEVERITY_NONE);  // Leptonica writes on stderr, in the middle of our logs
    auto api = std::make_unique<tesseract::TessBaseAPI>();
    const char* folder = tessdata_folder.empty() ? nullptr : tessdata_folder.c_str();
    if (api->Init(folder, language.c_str(), tesseract::OEM_LSTM_ONLY) != 0) {
        return unavailable(
            "OCR_UNAVAILABLE",
            fmt::format(
                "Tesseract cannot open the language «{}»; install tesseract-ocr-{} or set reader.tessdata_folder",
                language, language));
    }
    api->SetVariable("debug_file", "/dev/null");
    auto lines = by == LinesBy::Network ? open_lines(*api, language) : std::nullopt;
    return std::unique_ptr<OcrEngine>(new TesseractEngine(std::move(api), std::move(lines)));
}

}  // namespace pleiade::reader
