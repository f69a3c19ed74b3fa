#include "services/reader/digits/training/exam.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/domain/identifiers/checksum.h"
#include "common/domain/identifiers/date_text.h"
#include "common/domain/identifiers/nir.h"
#include "common/domain/identifiers/practitioner.h"
#include "common/domain/identifiers/siret.h"
#include "services/reader/comb_rows.h"
#include "services/reader/fields.h"

namespace pleiade::reader::digits {
namespace {

constexpr std::string_view kReceived = "2026-11-20";

// One kind of number: its label, how its cells are grouped, and one that satisfies its rule.
struct Subject {
    std::string field, label;
    std::vector<int> groups;
    std::function<std::string(Random&)> written;
    std::function<std::string(const std::string&)> value;  // in the contract's form
};

std::string number(Random& random, int from, int to, int digits) {
    return fmt::format("{:0{}}", std::uniform_int_distribution<int>(from, to)(random), digits);
}

std::string random_nir(Random& random) {
    const auto body = number(random, 1, 2, 1) + number(random, 20, 99, 2) + number(random, 1, 12, 2) +
                      number(random, 1, 95, 2) + number(random, 1, 990, 3) + number(random, 1, 999, 3);
    return body + nir_key(body);
}

// The last figure is the one that satisfies the rule; some beginnings have none.
std::string with_key(const std::function<std::string()>& body,
                     const std::function<std::optional<Parsed>(std::string_view)>& parse) {
    for (;;) {
        const auto begun = body();
        for (char key = '0'; key <= '9'; ++key) {
            const auto parsed = parse(begun + key);
            if (parsed && parsed->status == FieldStatus::Valid) return begun + key;
        }
    }
}

std::string random_siret(Random& random) {
    const auto siren =
        with_key([&] { return number(random, 30000000, 99999999, 8); },
                 [](std::string_view text) -> std::optional<Parsed> {
                     return Parsed{std::string(text), luhn_holds(text) ? FieldStatus::Valid : FieldStatus::Invalid};
                 });
    return with_key([&] { return siren + number(random, 1, 40, 4); }, parse_siret);
}

std::string random_date(Random& random) {
    return number(random, 1, 28, 2) + number(random, 1, 12, 2) + "2026";
}

std::string date_value(const std::string& figures) {
    return figures.substr(4) + "-" + figures.substr(2, 2) + "-" + figures.substr(0, 2);
}

std::vector<Subject> subjects() {
    const auto same = [](const std::string& text) { return text; };
    return {
        {"nir", "numero de securite sociale", {1, 2, 2, 2, 3, 3, 2}, random_nir, same},
        {"siret", "no siret", {3, 3, 3, 5}, random_siret, same},
        {"rpps",
         "no rpps",
         {11},
         [](Random& random) { return with_key([&] { return "10" + number(random, 0, 99999999, 8); }, parse_rpps); },
         same},
        {"caisse",
         "code organisme",
         {2, 3, 4},
         [](Random& random) {
             static constexpr std::array<std::string_view, 8> kSome = {"595", "594", "622", "171",
                                                                       "751", "341", "131", "691"};
             return "01" + std::string(kSome[static_cast<std::size_t>(pick(random, kSome.size()))]) + "0000";
         },
         [](const std::string& text) { return text.substr(2, 3); }},
        {"accident_date", "date de l'accident", {2, 2, 4}, random_date, date_value},
    };
}

OcrPage page_of(const Subject& subject, const std::vector<CombLine>& lines, const cv::Mat& page) {
    OcrPage read;
    read.page = 1;
    read.width = read.scanned_width = page.cols;
    read.height = read.scanned_height = page.rows;
    OcrLine label;
    int x = 95;
    for (std::size_t from = 0; from <= subject.label.size();) {
        const auto to = std::min(subject.label.find(' ', from), subject.label.size());
        const auto word = subject.label.substr(from, to - from);
        label.words.push_back({word, 0.95, {x, 78, static_cast<int>(word.size()) * 11, 22}});
        x += static_cast<int>(word.size() + 1) * 11;
        from = to + 1;
    }
    label.box = {95, 78, x - 95, 22};
    read.lines.push_back(label);
    for (const auto& line : lines) {
        if (!line.text.words.empty()) read.lines.push_back(line.text);
    }
    return read;
}

void count(const Subject& subject, const std::string& text, const std::vector<CombRow>& rows,
           const std::vector<CombLine>& lines, const cv::Mat& page, ExamLine& line) {
    ++line.drawn;
    line.figures += static_cast<int>(text.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].cells.size() != text.size()) continue;
        ++line.cells_found;
        for (std::size_t c = 0; c < std::min(text.size(), lines[i].text.words.size()); ++c) {
            line.figures_right += lines[i].text.words[c].text == std::string(1, text[c]) ? 1 : 0;
        }
        break;
    }
    const auto read = page_of(subject, lines, page);
    const FieldHints hints{std::string(kReceived), nullptr, nullptr};
    const auto fields = extract_fields({&read}, hints);
    const auto found = fields.find(subject.field);
    if (found == fields.end()) return;
    for (const auto& value : found->second) {
        const bool right = value.value == subject.value(text);
        const bool valid = value.status == FieldStatus::Valid;
        line.valid_right += right && valid ? 1 : 0;
        line.valid_wrong += !right && valid ? 1 : 0;
        line.right_to_key += right && !valid ? 1 : 0;
    }
}

}  // namespace

std::vector<ExamLine> sit_exam(DigitModel& model, const Lessons& lessons, std::uint32_t seed, int times) {
    std::vector<ExamLine> lines;
    Random random(seed);
    for (const auto& subject : subjects()) {
        for (const bool hand : {false, true}) {
            ExamLine line;
            line.field = subject.field;
            line.hand = hand;
            for (int i = 0; i < times; ++i) {
                CombDrawing drawing;
                drawing.kind = static_cast<CombKind>(i % 4);
                drawing.groups = subject.groups;
                drawing.text = subject.written(random);
                drawing.bitonal = chance(random, 0.5);
                drawing.fine_scan = chance(random, 0.33);
                drawing.lean_degrees = chance(random, 0.3) ? uniform(random, -2, 2) : uniform(random, -0.3, 0.3);
                const auto writer = lessons.writer(hand, random);
                const auto drawn = draw_comb(drawing, writer, random);
                const auto rows = find_comb_rows(drawn.page);
                count(subject, drawing.text, rows, read_comb_rows(drawn.page, rows, model), drawn.page, line);
            }
            lines.push_back(line);
        }
    }
    return lines;
}

}  // namespace pleiade::reader::digits
