#include "services/reader/digits/training/lessons.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "common/base/csv.h"
#include "services/reader/digits/glyph.h"
#include "services/reader/digits/training/distort.h"

namespace pleiade::reader::digits {
namespace {

namespace fs = std::filesystem;

// Letters and signs that no figure looks like: what could be one (O, I, S, q...) would teach it to doubt figures.
constexpr std::string_view kNoFigures = "CEFHKLMNPRTWXhkmnwx/-+*#&@%=()";
constexpr std::size_t kHeldOut = 1500;  // samples of each held-out source
constexpr int kTriesMax = 50;

std::map<std::string, std::string> files_in(const std::vector<std::string>& folders) {
    std::map<std::string, std::string> paths;
    for (const auto& folder : folders) {
        std::error_code error;
        for (auto at = fs::recursive_directory_iterator(folder, fs::directory_options::follow_directory_symlink, error);
             !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
            if (at->is_regular_file()) paths.emplace(at->path().filename().string(), at->path().string());
        }
    }
    return paths;
}

}  // namespace

Result<std::vector<FontEntry>> parse_font_list(std::string_view csv, const std::string& file_name) {
    const auto table = CsvTable::parse(file_name, csv, {"file", "writing", "use"});
    if (!table) return pass_on(table);
    std::vector<FontEntry> entries;
    for (const auto& row : (*table)->rows()) {
        const auto &writing = row.at("writing"), &use = row.at("use");
        if (writing.text != "hand" && writing.text != "print") return (*table)->error_at(writing, "is hand or print");
        if (use.text != "learn" && use.text != "judge") return (*table)->error_at(use, "is learn or judge");
        entries.push_back({row["file"], writing.text == "hand", use.text == "judge"});
    }
    return entries;
}

Result<Lessons> Lessons::open(const LessonSources& sources) {
    Lessons lessons;
    auto sheet = read_sheet(sources.sheet);
    if (!sheet) return pass_on(sheet);
    lessons.sheet_ = std::move(*sheet);
    std::ifstream list(sources.font_list, std::ios::binary);
    if (!list) return invalid("CONFIG_INVALID", fmt::format("{} cannot be read", sources.font_list));
    const auto entries = parse_font_list(std::string(std::istreambuf_iterator<char>(list), {}), sources.font_list);
    if (!entries) return pass_on(entries);
    const auto paths = files_in(sources.font_folders);
    for (const auto& entry : *entries) {
        const auto path = paths.find(entry.file);
        if (path == paths.end()) {
            lessons.missing_.push_back(entry.file);
            continue;
        }
        auto font = Font::open(path->second);
        if (!font) return pass_on(font);
        auto& into = entry.held_out ? (entry.hand ? lessons.held_out_hands_ : lessons.held_out_prints_)
                                    : (entry.hand ? lessons.hands_ : lessons.prints_);
        into.push_back(*font);
    }
    if (lessons.hands_.empty() || lessons.prints_.empty()) {
        return invalid("CONFIG_INVALID", "no font to learn from was found; name their folders with --fonts");
    }
    return lessons;
}

Sample Lessons::sample(const cv::Mat& glyph, int kind) const {
    Sample one;
    one.kind = kind;
    one.pixels.resize(static_cast<std::size_t>(kGlyphSide) * kGlyphSide);
    cv::Mat pixels(kGlyphSide, kGlyphSide, CV_32F, one.pixels.data());
    glyph.convertTo(pixels, CV_32F, 1.0 / 255);
    return one;
}

// Of no font: real handwriting two times in three where there is some.
cv::Mat Lessons::figure(int kind, Random& random, Use use) const {
    if (kind > 9 || (use == Use::Learn && chance(random, 0.4))) return write_figure(kind, random);
    const auto& drawn = (use == Use::Learn ? sheet_.learnt : sheet_.held_out)[static_cast<std::size_t>(kind)];
    return drawn[static_cast<std::size_t>(pick(random, drawn.size()))];
}

Sample Lessons::figure_of_fonts(const std::vector<Font>& fonts, Random& random) const {
    for (int tries = 0; tries < kTriesMax; ++tries) {
        const int kind = chance(random, 0.9) ? pick(random, 10) : kA + pick(random, 2);
        const cv::Mat ink = fonts[static_cast<std::size_t>(pick(random, fonts.size()))].draw(character_of(kind));
        const cv::Mat glyph = ink.empty() ? cv::Mat() : scanned(ink, random);
        if (!glyph.empty()) return sample(glyph, kind);
    }
    return sample(scanned_empty(random), kEmpty);
}

Sample Lessons::not_a_figure(Random& random, Use use) const {
    const auto& hands = use == Use::Learn || held_out_hands_.empty() ? hands_ : held_out_hands_;
    for (int tries = 0; tries < kTriesMax; ++tries) {
        cv::Mat ink;
        if (const double way = uniform(random, 0, 1); way < 0.25) {
            ink = write_scrawl(random);
        } else if (way < 0.6) {
            const auto& font = hands[static_cast<std::size_t>(pick(random, hands.size()))];
            ink = font.draw(kNoFigures[static_cast<std::size_t>(pick(random, kNoFigures.size()))]);
        } else {
            ink = spoil(figure(pick(random, 10), random, use), figure(pick(random, 10), random, use), random);
        }
        const cv::Mat glyph = ink.empty() ? cv::Mat() : scanned(ink, random);
        if (!glyph.empty()) return sample(glyph, kOther);
    }
    return sample(scanned_empty(random), kEmpty);
}

Sample Lessons::draw(Random& random) const {
    for (;;) {
        const double way = uniform(random, 0, 1);
        if (way < 0.04) return sample(scanned_empty(random), kEmpty);
        if (way < 0.15) return not_a_figure(random, Use::Learn);
        if (way < 0.40) return figure_of_fonts(hands_, random);
        if (way < 0.55) return figure_of_fonts(prints_, random);
        const int kind = chance(random, 0.96) ? pick(random, 10) : kA + pick(random, 2);
        const cv::Mat glyph = scanned(figure(kind, random, Use::Learn), random);
        if (!glyph.empty()) return sample(glyph, kind);
    }
}

std::function<cv::Mat(char)> Lessons::writer(bool hand, Random& random) const {
    const auto& fonts = hand ? held_out_hands_ : held_out_prints_;
    const auto from_sheet = [this, &random](char figure) {
        const auto& drawn = sheet_.held_out[static_cast<std::size_t>(figure - '0')];
        return drawn[static_cast<std::size_t>(pick(random, drawn.size()))];
    };
    if (hand && (fonts.empty() || chance(random, 0.5))) return from_sheet;
    const auto& known = fonts.empty() ? prints_ : fonts;
    const Font& font = known[static_cast<std::size_t>(pick(random, known.size()))];
    return [font](char figure) { return font.draw(figure); };
}

std::map<std::string, std::vector<Sample>> Lessons::held_out(std::uint32_t seed) const {
    std::map<std::string, std::vector<Sample>> sets;
    Random random(seed);
    auto& real = sets["handwriting (digits.png, rows kept out)"];
    for (int kind = 0; kind < 10; ++kind) {
        for (const auto& ink : sheet_.held_out[static_cast<std::size_t>(kind)]) {
            for (int again = 0; again < 2; ++again) {
                const cv::Mat glyph = scanned(ink, random);
                if (!glyph.empty()) real.push_back(sample(glyph, kind));
            }
        }
    }
    for (const auto& [name, fonts] : {std::pair{"handwriting fonts kept out", &held_out_hands_},
                                      std::pair{"printing fonts kept out", &held_out_prints_}}) {
        if (fonts->empty()) continue;
        for (std::size_t i = 0; i < kHeldOut; ++i) sets[name].push_back(figure_of_fonts(*fonts, random));
    }
    for (std::size_t i = 0; i < kHeldOut; ++i) {
        const int kind = pick(random, 10);
        const cv::Mat glyph = scanned(write_figure(kind, random), random);
        if (!glyph.empty()) sets["strokes drawn in French ways"].push_back(sample(glyph, kind));
        sets["no figure (letters, struck out, two in one)"].push_back(not_a_figure(random, Use::Judge));
        sets["empty boxes with specks and lines"].push_back(sample(scanned_empty(random), kEmpty));
    }
    return sets;
}

}  // namespace pleiade::reader::digits
