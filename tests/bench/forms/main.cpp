// How well registered forms are recognised, on real official blanks that are filled in and worn, beside pages that are
// no registered form: the confusion table, and what it costs. Usage: pleiade-forms-bench --data ../shared/data
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <ctime>
#include <filesystem>
#include <map>

#include "common/vision/decode.h"
#include "common/vision/orientation.h"
#include "common/vision/sketch.h"
#include "services/reader/forms/recogniser.h"
#include "services/reader/forms/registration.h"
#include "tests/unit/reader/drawn_forms.h"

namespace {

using namespace pleiade;
using namespace pleiade::reader;
namespace fs = std::filesystem;

// Registration reads the blank's words; recognition does not need them.
class NoEngine final : public OcrEngine {
  public:
    Result<std::vector<OcrLine>> read(const cv::Mat&, double, OcrLayout, const std::function<bool()>&) override {
        return std::vector<OcrLine>{};
    }
};

double thread_ms() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

struct BlankPage {
    std::string document, name;
    cv::Mat grey;
    double dpi = 200;
    int drawn_version = 0;
};

struct Outcome {
    int pages = 0, known = 0, some_version = 0, other_version = 0, nothing = 0, wrong = 0, wrong_sibling = 0;
    double score_min = 1;
};

struct Cost {
    double look = 0, recognise = 0;
    forms::RecogniserCost parts;
    int pages = 0;
    std::vector<double> each;
};

std::vector<fs::path> files_below(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        if (at->is_regular_file()) files.push_back(at->path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::vector<BlankPage> blanks_below(const fs::path& folder) {
    std::vector<BlankPage> pages;
    for (const auto& file : files_below(folder)) {
        if (file.extension() != ".pdf") continue;
        vision::DecodeOptions options;
        options.codes = false;
        const auto decoded = vision::decode_file(file.string(), options);
        if (!decoded) continue;
        for (std::size_t i = 0; i < decoded->pages.size(); ++i) {
            const auto& page = decoded->pages[i];
            pages.push_back({file.stem().string(), fmt::format("{} p{}", file.stem().string().substr(0, 30), i + 1),
                             page.grey, page.dpi_x > 0 ? page.dpi_x : 200});
        }
    }
    return pages;
}

std::vector<BlankPage> drawn(int count, int version) {
    std::vector<BlankPage> pages;
    for (int i = 0; i < count; ++i) {
        const auto form = static_cast<std::uint32_t>(i + 1);
        pages.push_back({fmt::format("drawn {}", i), fmt::format("drawn {} v{}", i, version),
                         test::drawn_form(form, version), 200, version});
    }
    return pages;
}

class Bench {
  public:
    // Registers those pages; returns what takes each page's place among the forms (-1: not registrable).
    std::vector<int> enrol(const std::vector<const BlankPage*>& pages) {
        std::vector<forms::RegisteredForm> registered;
        std::vector<int> numbers;
        NoEngine engine;
        owners_.clear();
        for (const auto* page : pages) {
            vision::PageImage image;
            image.grey = page->grey;
            image.dpi_x = image.dpi_y = page->dpi;
            auto form = forms::register_page(image, {"AAT", "", "", "", 1, false}, engine, [] { return true; });
            numbers.push_back(form ? static_cast<int>(registered.size()) : -1);
            if (!form) continue;
            registered.push_back(std::move(*form));
            owners_.push_back(page);
        }
        const double begun = thread_ms();
        recogniser_.emplace(std::move(registered));
        load_ms = thread_ms() - begun;
        return numbers;
    }

    void ask(const vision::PageImage& image, const BlankPage* truth, Outcome& outcome, const std::string& name) {
        const auto sketch = vision::make_sketch(image);
        const auto orientation = vision::find_orientation(sketch);
        const double begun = thread_ms();
        const auto look = forms::look_at(sketch, orientation.rotation, orientation.skew_degrees);
        const double looked = thread_ms();
        const auto match = recogniser_->recognise(look, &cost.parts);
        const double done = thread_ms();
        cost.look += looked - begun;
        cost.recognise += done - looked;
        cost.each.push_back(done - begun);
        ++cost.pages;
        ++outcome.pages;
        if (!match) {
            ++outcome.nothing;
            if (truth != nullptr)
                missed.push_back(name + fmt::format(" (rotation {} certainty {:.2f} skew {:.1f})", orientation.rotation,
                                                    orientation.certainty, orientation.skew_degrees));
            return;
        }
        const auto* found = owners_[static_cast<std::size_t>(match->form)];
        if (match->fit == forms::Fit::OtherVersion) {
            ++outcome.other_version;
            others.push_back(fmt::format("{} resembles {} ({:.2f})", name, found->name, match->score));
            return;
        }
        if (found == truth) {
            ++(match->fit == forms::Fit::Known ? outcome.known : outcome.some_version);
            outcome.score_min = std::min(outcome.score_min, match->score);
        } else if (truth != nullptr && match->fit == forms::Fit::SomeVersion) {
            bool among = false;
            for (const int also : match->also) among |= owners_[static_cast<std::size_t>(also)] == truth;
            ++(among ? outcome.some_version : outcome.wrong);
            if (!among) wrong.push_back(fmt::format("{} taken for {} ({:.2f})", name, found->name, match->score));
        } else {
            const bool sibling = truth != nullptr && truth->document == found->document;
            ++(sibling ? outcome.wrong_sibling : outcome.wrong);
            wrong.push_back(fmt::format("{} taken for {} ({:.2f})", name, found->name, match->score));
        }
    }

    void wear_and_ask(const BlankPage& page, const BlankPage* truth, int variants, Outcome& outcome, int lines) {
        for (int i = 0; i < variants; ++i) {
            std::mt19937 random(
                static_cast<std::uint32_t>(std::hash<std::string>{}(page.name) + static_cast<std::size_t>(i) * 77));
            std::uniform_real_distribution<double> unit(-1, 1);
            test::Wear wear;
            wear.seed = random();
            wear.dpi_to = i % 2 == 0 ? 300 : 200;
            wear.photocopy = 1 + 0.06 * unit(random);
            wear.tilt_degrees = 5 * unit(random);
            wear.shift_mm = {6 * unit(random), 6 * unit(random)};
            wear.turned = i % 4 == 3 ? 180 : 0;
            wear.bitonal = i % 3 != 2;
            wear.ink_level = i % 5 == 1 ? 1 : i % 5 == 3 ? -1 : 0;
            const auto filled = test::filled_in(page.grey, page.dpi, wear.seed, lines);
            ask(test::worn(filled, page.dpi, wear), truth, outcome,
                fmt::format("{} #{} (x{:.2f}, {:.1f} deg, {} dpi)", page.name, i, wear.photocopy, wear.tilt_degrees,
                            wear.dpi_to));
        }
    }

    Cost cost;
    double load_ms = 0;
    std::vector<std::string> wrong, missed, others;

  private:
    std::optional<forms::Recogniser> recogniser_;
    std::vector<const BlankPage*> owners_;
};

void print(const std::string& what, const Outcome& o) {
    fmt::print("{:<58}{:>6}{:>8}{:>10}{:>10}{:>9}{:>9}{:>7}\n", what, o.pages, o.known, o.some_version, o.other_version,
               o.nothing, o.wrong_sibling, o.wrong);
}

void print_cost(const Bench& bench) {
    const auto& c = bench.cost;
    auto each = c.each;
    std::sort(each.begin(), each.end());
    if (each.empty()) return;
    fmt::print(
        "CPU-ms a page: {:.1f} mean, {:.1f} median, {:.1f} worst of 95 % (look {:.1f}, landmarks {:.1f}, index {:.1f}, "
        "alignment {:.1f}, ink {:.1f}); loading {:.0f} ms\n",
        (c.look + c.recognise) / c.pages, each[each.size() / 2], each[each.size() * 95 / 100], c.look / c.pages,
        c.parts.landmarks_ms / c.pages, c.parts.index_ms / c.pages, c.parts.align_ms / c.pages,
        c.parts.verify_ms / c.pages, bench.load_ms);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Recognition of registered forms: confusion table and cost."};
    std::string data, mail;
    int variants = 6, lines = 30, total = 60;
    bool verbose = false;
    app.add_option("--data", data, "folder of the real documents")->required();
    app.add_option("--mail", mail, "folder of generated mail: pages of no registered form");
    app.add_option("--variants", variants, "worn copies of each page");
    app.add_option("--lines", lines, "lines of writing on each page");
    app.add_option("--forms", total, "registered pages in all, drawn ones added");
    app.add_flag("--verbose", verbose, "name every page that was not simply right");
    CLI11_PARSE(app, argc, argv);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);

    auto real = blanks_below(fs::path(data) / "forms_sante");
    for (auto& page : blanks_below(fs::path(data) / "forms_hors_perimetre")) real.push_back(std::move(page));
    const auto first = drawn(std::max(0, total - static_cast<int>(real.size())), 1);
    const auto second = drawn(static_cast<int>(first.size()), 2);
    std::vector<const BlankPage*> all;
    for (const auto* pages : {&std::as_const(real), &first}) {
        for (const auto& page : *pages) all.push_back(&page);
    }

    Bench bench;
    const auto numbers = bench.enrol(all);
    fmt::print("{} pages of real forms, {} drawn\n\n", real.size(), first.size());
    fmt::print("{:<58}{:>6}{:>8}{:>10}{:>10}{:>9}{:>9}{:>7}\n", "", "pages", "right", "one of", "in part", "refused",
               "sibling", "WRONG");
    Outcome own, own_drawn, versions, papers, letters;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (numbers[i] >= 0) bench.wear_and_ask(*all[i], all[i], variants, i < real.size() ? own : own_drawn, lines);
    }
    print("registered real forms, filled in and worn", own);
    print("registered drawn forms, filled in and worn", own_drawn);
    Outcome bare;
    for (std::size_t i = 0; i < real.size(); ++i) {
        if (numbers[i] >= 0) bench.wear_and_ask(real[i], &real[i], 2, bare, 0);
    }
    print("registered real forms, only a stamp", bare);
    for (const auto& page : second) bench.wear_and_ask(page, nullptr, 2, versions, lines);
    print("version 2 of drawn forms, version 1 is registered", versions);
    for (const char* folder : {"factures", "lots_multidocuments", "lettres_manuscrites", "scan_qualite"}) {
        for (const auto& file : files_below(fs::path(data) / folder)) {
            const auto decoded = vision::decode_file(file.string(), {});
            if (!decoded) continue;
            for (std::size_t i = 0; i < std::min<std::size_t>(decoded->pages.size(), 6); ++i) {
                bench.ask(decoded->pages[i], nullptr, papers,
                          fmt::format("{} page {}", file.filename().string(), i + 1));
            }
        }
    }
    print("real papers that are no form", papers);
    if (!mail.empty()) {
        for (const auto& file : files_below(mail)) {
            const auto decoded = vision::decode_file(file.string(), {});
            if (!decoded) continue;
            for (const auto& page : decoded->pages) bench.ask(page, nullptr, letters, file.filename().string());
        }
        print("generated mail, none of it registered", letters);
    }
    print_cost(bench);

    // Each form in turn is not registered, half of the documents at a time.
    for (const bool odd : {false, true}) {
        std::vector<const BlankPage*> half, rest;
        std::map<std::string, int> documents;
        for (const auto* page : all) {
            const int number = documents.emplace(page->document, static_cast<int>(documents.size())).first->second;
            (number % 2 == (odd ? 1 : 0) ? half : rest).push_back(page);
        }
        bench.enrol(half);
        Outcome unknown;
        for (const auto* page : rest) bench.wear_and_ask(*page, nullptr, 2, unknown, lines);
        print(fmt::format("forms that are not registered ({} others are)", half.size()), unknown);
    }
    // Both versions of the drawn forms.
    if (!first.empty()) {
        std::vector<const BlankPage*> both;
        for (const auto* pages : {&first, &second}) {
            for (const auto& page : *pages) both.push_back(&page);
        }
        bench.enrol(both);
        Outcome told;
        for (const auto* page : both) bench.wear_and_ask(*page, page, 2, told, lines);
        print("drawn forms, two versions of each registered", told);
    }
    fmt::print("\nlowest score of a page that is right: {:.2f}\n",
               std::min({own.score_min, own_drawn.score_min, bare.score_min}));
    for (const auto& line : bench.wrong) fmt::print("WRONG {}\n", line);
    if (verbose) {
        for (const auto& line : bench.missed) fmt::print("refused {}\n", line);
        for (const auto& line : bench.others) fmt::print("in part {}\n", line);
    }
    return bench.wrong.empty() ? 0 : 1;
}
